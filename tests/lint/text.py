#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every text has: its licence, no notes to oneself, its right mode."""
import os
import re
import subprocess

import lint

SOURCES = (".c", ".h", ".cpp", ".py", ".sh", ".sql", ".js", ".mjs", ".cmake",
           "CMakeLists.txt", ".css")
NOTES = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
UNBOUNDED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|"
                       r"atol|strncpy|strncat)\s*\(")
TYPEDEF = re.compile(r"\btypedef\s+(struct|enum|union)\b")


def is_text(name):
    with open(os.path.join(lint.ROOT, name), "rb") as file:
        return b"\0" not in file.read(8192)


def first_line(name):
    with open(os.path.join(lint.ROOT, name), "rb") as file:
        return file.readline(200).decode("utf-8", "replace")


def check_licence():
    report = lint.Report("spdx", "every source says its licence at its top")
    for name in lint.files():
        script = first_line(name).startswith("#!")
        if not (name.endswith(SOURCES) or script):
            continue
        head = "\n".join(lint.read(name).splitlines()[:3])
        if "SPDX-License-Identifier: Apache-2.0" not in head:
            report.fault(name, name)
    report.end()


def check_notes():
    report = lint.Report("notes", "nobody left a note to oneself")
    for name in lint.files():
        if not is_text(name):
            continue
        for number, line in enumerate(lint.read(name).splitlines(), 1):
            if NOTES.search(line):
                report.fault(name, f"{name}:{number}: {line.strip()[:100]}")
    report.end()


def check_modes():
    report = lint.Report("mode", "what begins with #! can be run, and "
                         "nothing else")
    for name in lint.files():
        runs = os.access(os.path.join(lint.ROOT, name), os.X_OK)
        if runs != first_line(name).startswith("#!"):
            report.fault(name, name)
    report.end()


def check_blanks():
    report = lint.Report("blanks", "no line ends in blanks, every file ends "
                         "in a newline, no carriage returns")
    for name in lint.files():
        if not is_text(name) or name.endswith((".md", ".csv", ".svg")):
            continue
        text = lint.read(name)
        if re.search(r"[ \t\r]$", text, re.M) or \
                text and not text.endswith("\n"):
            report.fault(name, name)
    report.end()


def check_words():
    copies = lint.Report("unbounded", "no copy of unbounded input")
    types = lint.Report("typedef", "no struct hides behind a typedef")
    for name in lint.c_files():
        text = lint.code_only(lint.read(name))
        for number, line in enumerate(text.split("\n"), 1):
            found = UNBOUNDED.search(line)
            if found:
                copies.fault(f"{name}:{found.group(1)}",
                             f"{name}:{number}: {found.group(1)}")
            if TYPEDEF.search(line) and \
                    not name.startswith(("tests/", "client-lib/include/")):
                types.fault(name, f"{name}:{number}")
    copies.end()
    types.end()


def check_syntax():
    report = lint.Report("syntax", "every script parses")
    for name in lint.files():
        first = first_line(name)
        if name.endswith(".py") or "python3" in first and first[:2] == "#!":
            try:
                compile(lint.read(name), name, "exec")
            except SyntaxError as error:
                report.fault(name, f"{name}: {error}")
        elif name.endswith((".js", ".mjs")) and name.startswith("tests/"):
            done = subprocess.run(
                ["node", "--check", os.path.join(lint.ROOT, name)],
                stderr=subprocess.PIPE, check=False)
            if done.returncode:
                report.fault(name, done.stderr.decode())
    report.end()


def check_shell():
    report = lint.Report("shellcheck", "shellcheck finds nothing")
    for name in lint.files():
        if not re.match(r"#!.*\b(ba|da)?sh\b", first_line(name)):
            continue
        done = subprocess.run(
            ["shellcheck", "-x", "-e", "SC2317", "-f", "gcc", os.path.join(lint.ROOT, name)],
            cwd=lint.ROOT, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            report.fault(name, done.stdout.decode())
    report.end()


if __name__ == "__main__":
    check_licence()
    check_notes()
    check_modes()
    check_blanks()
    check_words()
    check_syntax()
    check_shell()
