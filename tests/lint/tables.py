#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists that must agree: the tables of the wire, SQL and the tests."""
import re

import lint


def without_comments(text):
    return re.sub(r"/\*.*?\*/|--[^\n]*", "", text, flags=re.S)


def rows(name, macro):
    """First and second argument of each row of a table."""
    text = without_comments(lint.read(name))
    return re.findall(macro + r'\(\s*(\w+),\s*"?([\w.]+)"?\s*,', text)


def all_text(*starts, endings=None):
    return "\n".join(lint.read(n) for n in lint.files(*(endings or ()))
                     if n.startswith(starts))


def acts():
    """Identifier -> (name, lane)."""
    found = {}
    for name in lint.files(".tbl.h"):
        if not name.startswith("client-lib/wire/acts/"):
            continue
        text = without_comments(lint.read(name))
        for row in re.findall(r"^ACT\((.*?)\)\s*$", text, re.S | re.M):
            ids = re.match(r'(\w+),\s*"([\w.]+)"', row)
            lane = re.search(r"\b(LOCAL|DESK|REPORTS|SETTLE)\b", row)
            found[ids.group(1)] = (ids.group(2), lane.group(1))
    return found


def check_tags(sql):
    known = {tag for _, tag in rows("client-lib/wire/errors.tbl.h",
                                    "REFUSAL")}
    used = set(re.findall(r"\brefus\w*\(\s*(?:\w+\s*=>\s*)?'(\w+)'", sql))
    used |= set(re.findall(r"'tag'\s*,\s*'(\w+)'", sql))
    report = lint.Report("tags", "every tag that SQL refuses by is a row of "
                         "errors.tbl.h")
    for tag in sorted(used - known):
        report.fault(tag, tag)
    report.end()
    code = all_text("server/", "client-lib/", endings=(".c",))
    report = lint.Report("unused-tags", "every row of errors.tbl.h is used "
                         "by C or SQL")
    for tag in sorted(known):
        if not re.search(rf"\bREFUSAL_{tag}\b|\"{tag}\"", code) and \
                not re.search(rf"'{tag}'", sql):
            report.fault(tag, tag)
    report.end()


def check_functions(sql, tests):
    functions = set(re.findall(
        r"create or replace function api\.(\w+)", sql, re.I))
    wanted = {i: n for i, (n, lane) in acts().items() if lane != "LOCAL"}
    asked = {f for _, _, f in re.findall(
        r'ASK\((\w+),\s*(\w+),\s*"(\w+)"\)',
        lint.read("server/store/asks.tbl.h"))}
    report = lint.Report("function", "every act and every ask has its SQL "
                         "function")
    for name in sorted(set(wanted) | asked):
        if name not in functions:
            report.fault(name, f"api.{name}")
    report.end()
    report = lint.Report("pgtap", "every function of api is named by a pgTAP "
                         "test")
    for name in sorted(functions):
        if not re.search(rf"\bapi\.{name}\b|'{name}'", tests):
            report.fault(name, f"api.{name}")
    report.end()


def check_commented(sql):
    report = lint.Report("comment-on", "every function of api and admin has "
                         "its comment")
    for schema, name in sorted(set(re.findall(
            r"create or replace function (api|admin)\.(\w+)", sql, re.I))):
        if not re.search(rf"comment on function {schema}\.{name}\b", sql,
                         re.I):
            report.fault(f"{schema}.{name}", f"{schema}.{name}")
    report.end()
    report = lint.Report("pinned", "every security definer pins its "
                         "search_path")
    for body in re.findall(r"create or replace function .*?\bas\s+\$", sql,
                           re.S | re.I):
        name = re.match(r"create or replace function ([\w.]+)", body, re.I)
        if "security definer" in body.lower() and \
                "set search_path" not in body.lower():
            report.fault(name.group(1), name.group(1))
    report.end()
    report = lint.Report("triggers", "there are no triggers")
    for found in re.findall(r"create (?:or replace )?(?:constraint )?trigger "
                            r"(\w+)", sql, re.I):
        report.fault(found, found)
    report.end()


def main():
    sql = without_comments(all_text("sql/", endings=(".sql",)))
    tests = all_text("tests/sql/")
    check_tags(sql)
    check_functions(sql, tests)
    check_commented(sql)


if __name__ == "__main__":
    main()
