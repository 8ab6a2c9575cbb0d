#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes: of files, functions and of what is nested in them.

The layout is clang-format's (another check): a function's name stands at the
start of a line, its braces alone in column one. Complexity is McCabe's, a
switch counted once.
"""
import re

import lint

FILE_LINES, FUNCTION_LINES, CALLBACK_LINES = 500, 60, 25
PARAMETERS, NESTING, COMPLEXITY, CONDITIONALS = 5, 3, 15, 3

HEAD = re.compile(r"^(\w+)\(([^;{}]*?)\)[^;{}()]*\n\{\n(.*?)^\}", re.M | re.S)
CONTROL = re.compile(
    r"\b(if|for|while|switch|\w*_foreach\w*|\w+_FOREACH\w*|HASH_ITER)\s*\(")
BRANCH = re.compile(
    r"\b(?:if|for|while|switch|\w*_foreach\w*|\w+_FOREACH\w*|HASH_ITER)\s*\("
    r"|&&|\|\||\?")
GUARD = re.compile(r"#ifndef (\w+)\n#define \1\n")


def functions(text):
    """Yields name, parameters, body, line."""
    for match in HEAD.finditer(text):
        yield (match.group(1), match.group(2), match.group(3),
               text.count("\n", 0, match.start()) + 1)


def parameter_count(parameters):
    depth = 0
    flat = ""
    for c in parameters:
        depth += (c in "([") - (c in ")]")
        flat += c if depth == 0 else ""
    return 0 if flat.strip() in ("", "void") else flat.count(",") + 1


def nesting(body):
    """Deepest control statement, by its tabs: the body's own is one."""
    deepest = 0
    for line in body.split("\n"):
        if CONTROL.match(line.lstrip("\t}").lstrip()) or \
                re.match(r"\t+(do|else)\b", line):
            deepest = max(deepest, len(line) - len(line.lstrip("\t")))
    return deepest


def is_callback(parameters):
    return "lws_callback_reasons" in parameters


def check_function(report, name, function):
    title, parameters, body, line = function
    lines = body.count("\n") + 2
    limit = CALLBACK_LINES if is_callback(parameters) else FUNCTION_LINES
    found = (
        ("lines", lines, limit),
        ("parameters", parameter_count(parameters),
         PARAMETERS if not is_callback(parameters) else 99),
        ("nesting", nesting(body), NESTING),
        ("complexity", 1 + len(BRANCH.findall(body)), COMPLEXITY),
    )
    for what, is_now, most in found:
        if is_now > most:
            report[what].fault(f"{name}:{title}", f"{name}:{line}: {title} "
                               f"has {what} {is_now}, at most {most}")


def conditionals(text):
    """#if lines without include guards and the defaults of tables."""
    guards = len(GUARD.findall(text))
    defaults = len(re.findall(r"#ifndef \w+\n#define \w+\(", text))
    return len(re.findall(r"^#\s*if", text, re.M)) - guards - defaults


def main():
    sizes = lint.Report("lines", f"no file has over {FILE_LINES} lines")
    hashes = lint.Report("if", f"#if is rare: {CONDITIONALS} in 1000 lines")
    report = {
        "lines": lint.Report("function", "no function is longer than "
                             f"{FUNCTION_LINES} lines, no callback of "
                             f"libwebsockets than {CALLBACK_LINES}"),
        "parameters": lint.Report(
            "parameters", f"no function has over {PARAMETERS} parameters"),
        "nesting": lint.Report("nesting", f"nothing nests over {NESTING}"),
        "complexity": lint.Report(
            "complexity", f"no function is more complex than {COMPLEXITY}"),
    }
    for name in lint.files(".c", ".h", ".py", ".js", ".sql", ".sh", ".cmake",
                           ".txt", ".md", "/run"):
        if name.startswith("sql/data/"):
            continue
        lines = lint.read(name).count("\n")
        if lines > FILE_LINES and not name.endswith(".tbl.h"):
            sizes.fault(name, f"{name}: {lines} lines")
    lines = total = 0
    for name in lint.c_files():
        text = lint.code_only(lint.read(name))
        lines += text.count("\n")
        total += conditionals(text)
        if conditionals(text) > CONDITIONALS:
            hashes.fault(name, f"{name}: {conditionals(text)}")
        for function in functions(text):
            check_function(report, name, function)
    if total > lines * CONDITIONALS / 1000:
        hashes.fault("all", f"{total} in {lines} lines of C")
    for one in (sizes, hashes, *report.values()):
        one.end()


if __name__ == "__main__":
    main()
