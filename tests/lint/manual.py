#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""huiyin.h: is what the man pages are made of there?"""
import os
import re
import sys

import lint

sys.path.insert(0, os.path.join(lint.ROOT, "client-lib/cmake"))
import header  # noqa: E402
import pages  # noqa: E402

ERRORS = re.compile(r"\bHY_ERR_\w+|\bnever fails\b|\bas hy_\w+", re.I)
LIFE = re.compile(r"\b(valid|owned|freed)\b|\bas hy_\w+", re.I)
NOTHING = re.compile(r"\bNULL\b|\bas hy_\w+", re.I)
ENDS = re.compile(r"\b(frees|closes)\b", re.I)


def missing(function):
    """What its comment does not speak of."""
    kind = function.prototype.split(function.name)[0].strip()
    if kind == "int":
        wanted = [("how it fails", ERRORS)]
    elif kind.endswith("*"):
        wanted = [("how long it is valid", LIFE), ("NULL", NOTHING)]
    else:
        wanted = [("what it frees", ENDS)]
    return [what for what, pattern in wanted
            if not pattern.search(header.squeeze(function.text))]


def check_functions(head):
    report = lint.Report("manual", "every function of huiyin.h says how it "
                         "fails and who owns what")
    said = {f.name for f in head.functions}
    for name in head.declared:
        if name not in said:
            report.fault(name, f"{name} has no comment")
    for function in head.functions:
        for what in missing(function):
            report.fault(function.name, f"{function.name} does not say "
                         f"{what}")
    report.end()


def check_members(head):
    report = lint.Report("member", "every struct of huiyin.h, and every "
                         "member, has its comment")
    for type_ in head.types:
        if type_.kind == "struct" and not type_.text:
            report.fault(type_.name, f"{type_.name} has no comment")
        for code, comment in type_.members:
            if not comment:
                report.fault(f"{type_.name}:{code}",
                             f"{type_.name}: {code} has no comment")
    report.end()


def check_enums(head):
    report = lint.Report("enum", "every enum of huiyin.h is on the page of a "
                         "struct")
    for type_ in head.types:
        if type_.kind == "enum" and \
                type_.name not in pages.TOLD_WITH.values():
            report.fault(type_.name, type_.name)
    report.end()


def main():
    head = header.Header(lint.read("client-lib/include/huiyin.h"))
    check_functions(head)
    check_members(head)
    check_enums(head)


if __name__ == "__main__":
    main()
