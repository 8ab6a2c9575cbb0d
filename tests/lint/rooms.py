#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rooms and arrows: who includes whom, and who names what."""
import os
import re

import lint

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
FLOORS = {"base", "wire", "stat"}
CLIENT = {"base": set(), "wire": {"base"}, "include": set(),
          "client": {"base", "wire", "include"},
          "cli": {"base", "wire", "include"},
          "examples": {"include"}}
TOP = {"CMakeLists.txt", "README.md", "LICENSE", "client-lib", "server",
       "sql", "tests", "deploy"}


def server_arrows():
    """Room -> rooms it may include, from server/ARROWS."""
    arrows = {}
    for line in lint.read("server/ARROWS").splitlines():
        match = re.match(r"^([a-z]+):(.*)$", line)
        if match:
            arrows[match.group(1)] = set(match.group(2).split())
    return arrows


def place(name):
    """("server", "net") or ("client-lib", "wire"); None elsewhere."""
    parts = name.split("/")
    if parts[0] not in ("server", "client-lib") or len(parts) < 2:
        return None
    if len(parts) == 2 and parts[0] == "server":
        return "server", "main"
    return parts[0], parts[1]


def headers():
    """Header's bare name -> the files of that name."""
    found = {}
    for name in lint.files(".h"):
        if name.startswith(("server/", "client-lib/")):
            found.setdefault(os.path.basename(name), []).append(name)
    return found


def may_include(where, to, arrows):
    side, room = where
    if where == to or to[1] in FLOORS and side == "server":
        return True
    if side == "client-lib":
        return to[0] == side and to[1] in CLIENT.get(room, set())
    return to[0] == side and to[1] in arrows.get(room, set())


def check_includes(arrows):
    report = lint.Report("arrows", "includes follow ARROWS")
    first = lint.Report("first", "a file includes its own header first")
    known = headers()
    for name in lint.files(".c", ".h"):
        where = place(name)
        if not where:
            continue
        ours = [i for i in INCLUDE.findall(lint.read(name))]
        for kind, what in ours:
            at = known.get(os.path.basename(what))
            if kind != '"' or not at:
                continue
            to = place(at[0])
            if not may_include(where, to, arrows):
                report.fault(f"{name}:{what}", f"{name} includes {what} of "
                             f"{'/'.join(to)}")
        own = os.path.basename(name)[:-2] + ".h"
        if name.endswith(".c") and own in known and \
                (not ours or os.path.basename(ours[0][1]) != own):
            first.fault(name, f"{name} does not begin with {own}")
    report.end()
    first.end()


def check_unique():
    report = lint.Report("headers", "no two headers have the same name")
    for name, at in headers().items():
        if len(at) > 1:
            report.fault(name, ", ".join(at))
    report.end()


def check_no_circle(arrows):
    report = lint.Report("circle", "the arrows make no circle")
    done = set()

    def visit(room, path):
        if room in path:
            report.fault(room, " -> ".join(path + [room]))
            return
        if room not in done:
            for below in sorted(arrows.get(room, ())):
                visit(below, path + [room])
            done.add(room)
    for room in sorted(arrows):
        visit(room, [])
    report.end()


def check_owner(sentence, check, pattern, allowed):
    """Only files whose name begins with one of allowed match pattern."""
    report = lint.Report(check, sentence)
    for name in lint.files(".c", ".h"):
        if not name.startswith(("server/", "client-lib/")) or \
                name.startswith(allowed):
            continue
        text = lint.read(name)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        if re.search(pattern, text):
            report.fault(name, name)
    report.end()


def check_top():
    report = lint.Report("top", "nothing else stands at the top")
    for name in {n.split("/")[0] for n in lint.files()}:
        if name not in TOP and not name.startswith("."):
            report.fault(name, name)
    report.end()


def check_quiet_library():
    report = lint.Report("quiet", "the library never prints, aborts, exits "
                         "or installs signal handlers")
    words = re.compile(r"\b(v?printf|puts|putchar|abort|_?exit|signal|"
                       r"sigaction|perror)\s*\(|\bstd(err|out)\b")
    for name in lint.files(".c"):
        if name.startswith("client-lib/client/"):
            for found in words.finditer(lint.code_only(lint.read(name))):
                report.fault(name, f"{name}: {found.group(0)}")
    report.end()


def main():
    arrows = server_arrows()
    check_includes(arrows)
    check_unique()
    check_no_circle(arrows)
    check_owner("only net and the client include libwebsockets", "lws",
                r"#\s*include\s*<libwebsockets\.h>",
                ("server/net/", "client-lib/client/"))
    check_owner("struct lws appears in no header outside net and the client",
                "struct-lws", r"struct lws\b",
                ("server/net/", "client-lib/client/"))
    check_owner("only pg and admin include libpq", "libpq",
                r"#\s*include\s*<libpq-fe\.h>", ("server/pg/", "server/admin/"))
    check_owner("only store names SQL functions of api", "api",
                r'"[^"\n]*\bapi\.', ("server/store/", "server/admin/"))
    check_owner("only client opens SQLite", "sqlite",
                r"#\s*include\s*<sqlite3\.h>", ("client-lib/client/",))
    check_top()
    check_quiet_library()


if __name__ == "__main__":
    main()
