#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format, clang-tidy, cppcheck and gcc -fanalyzer over all C; the
first two over what is C++ as well.

Flags come from compile_commands.json of $HUIYIN_BUILD. A file that has not
changed since it was found clean is not looked at again: the key is its
preprocessed text.
"""
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess

import lint

BUILD = os.environ.get("HUIYIN_BUILD", os.path.join(lint.ROOT, "build-tests"))
CACHE = os.path.join(BUILD, "lint-cache")
PATIENCE = 60  # seconds for one file and tool


def run(command, folder=None, limit=PATIENCE):
    """(code, output); a code of None when it took too long."""
    try:
        done = subprocess.run(command, cwd=folder, timeout=limit, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return None, "took too long"
    return done.returncode, done.stdout.decode("utf-8", "replace")


def compilations():
    """Name in the work tree -> (arguments without output, folder)."""
    found = {}
    with open(os.path.join(BUILD, "compile_commands.json"),
              encoding="utf-8") as file:
        rows = json.load(file)
    for row in rows:
        name = os.path.relpath(row["file"], lint.ROOT)
        words = shlex.split(row["command"])
        words = [w for w in words if not w.startswith(("-fsanitize", "-O",
                                                       "-fno-sanitize"))]
        cut = words.index("-o")
        words = words[:cut] + words[cut + 2:]
        if os.path.exists(row["file"]) and not name.startswith(".."):
            found[name] = (words, row["directory"])
    return found


def key_of(tool, words, folder):
    """Hash of what the tool will see; None when it cannot be made."""
    command = [w for w in words if w != "-c"] + ["-E", "-P"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return None
    with open(os.path.join(lint.ROOT, ".clang-tidy"), "rb") as file:
        sum_ = hashlib.sha256(file.read())
    with open(__file__, "rb") as file:
        sum_.update(file.read())
    sum_.update(tool.encode() + shlex.join(words).encode() + done.stdout)
    return os.path.join(CACHE, sum_.hexdigest())


def complaints(output):
    """The lines that say what is wrong, once each, without the notes."""
    lines = [line for line in output.splitlines()
             if "error:" in line or "warning:" in line
             or "portability:" in line or "performance:" in line]
    return list(dict.fromkeys(line.replace(lint.ROOT + "/", "")
                              for line in lines))


def analyze(tool, make_command, name, words, folder):
    """Complaints about one file, and whether it took too long."""
    key = key_of(tool, words, folder)
    if key and os.path.exists(key):
        return name, [], False
    code, output = run(make_command(name, words), folder)
    found = complaints(output)
    if code not in (0, None) and not found:
        found = [f"{name}: {tool} ended with {code}: {output[-300:]}"]
    if code == 0 and not found and key:
        with open(key, "w", encoding="utf-8"):
            pass
    return name, found, code is None


def check_tool(tool, sentence, make_command, units):
    report = lint.Report(tool, sentence)
    slow = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(analyze, tool, make_command, name, *unit)
                for name, unit in sorted(units.items())
                if not report.exceptions.allows(name)]
        for job in jobs:
            name, found, too_long = job.result()
            slow += [name] if too_long else []
            for text in found:
                report.fault(name, text)
    report.end()
    for name in slow:
        print(f"# not looked at to the end: {name}")


def check_format():
    report = lint.Report("format", "all C is laid out by clang-format")
    for name in lint.c_files() + lint.files(".cpp"):
        code, _ = run(["clang-format-14", "--dry-run", "--Werror", name],
                      lint.ROOT)
        if code != 0:
            report.fault(name, name)
    report.end()


def tidy(name, _words):
    return ["clang-tidy-14", "-p", BUILD, "--quiet",
            os.path.join(lint.ROOT, name)]


def analyzer(_name, words):
    return words + ["-O1", "-fanalyzer", "-o", "/dev/null",
                    "-Wno-analyzer-use-of-uninitialized-value",
                    "-fanalyzer-call-summaries"]


def cppcheck(name, words):
    keep = [w for w in words if w.startswith(("-I", "-D"))]
    return ["cppcheck", "--enable=warning,performance,portability",
            "--inline-suppr", "--std=c11", "--quiet", "--error-exitcode=1",
            "--suppress=missingIncludeSystem", "--suppress=varFuncNullUB",
            "--suppress=unknownMacro", "--library=posix,gnu",
            "--template={file}:{line}: {severity}: {message} [{id}]",
            "--include=/usr/include/x86_64-linux-gnu/sys/queue.h",
            *keep, os.path.join(lint.ROOT, name)]


def main():
    os.makedirs(CACHE, exist_ok=True)
    units = compilations()
    ours = {n: u for n, u in units.items()
            if n.endswith(".c") and not n.startswith("tests/")}
    print("#: clang-format", flush=True)
    check_format()
    print("#: clang-tidy", flush=True)
    check_tool("tidy", "clang-tidy finds nothing", tidy, units)
    print("#: cppcheck", flush=True)
    check_tool("cppcheck", "cppcheck finds nothing", cppcheck, ours)
    print("#: gcc -fanalyzer", flush=True)
    check_tool("analyzer", "gcc -fanalyzer finds nothing", analyzer, ours)


if __name__ == "__main__":
    main()
