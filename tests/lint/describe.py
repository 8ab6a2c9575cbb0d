#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are openrpc.json and PROTOCOL.md's reference those of the table of acts?

describe.py [--write]: compares, or writes them anew. The program describe of
$HUIYIN_BUILD makes them from the table.
"""
import json
import os
import subprocess
import sys

import lint

BUILD = os.environ.get("HUIYIN_BUILD", os.path.join(lint.ROOT, "build-tests"))
OPENRPC = "client-lib/openrpc.json"
PROTOCOL = "client-lib/PROTOCOL.md"
BEGIN = "<!-- The rest is made by tests/lint/describe.py from the table -->\n"


def made(what):
    return subprocess.run([os.path.join(BUILD, "lint/describe"), what],
                          check=True, stdout=subprocess.PIPE).stdout.decode()


def wanted():
    """Name -> text that it should have."""
    by_hand = lint.read(PROTOCOL).split(BEGIN)[0]
    return {OPENRPC: made("openrpc"),
            PROTOCOL: by_hand + BEGIN + "\n" + made("reference")}


def check_openrpc():
    """The little of OpenRPC 1.2.6 that tools stumble over."""
    report = lint.Report("openrpc", "openrpc.json has OpenRPC's shape")
    root = json.loads(made("openrpc"))
    for key in ("openrpc", "info", "methods"):
        if key not in root:
            report.fault(key, f"no {key}")
    names = [m["name"] for m in root["methods"]]
    if len(names) != len(set(names)):
        report.fault("names", "a method is there twice")
    for method in root["methods"]:
        for param in method["params"]:
            if not param.get("name") or "schema" not in param:
                report.fault(method["name"], f"{method['name']}: {param}")
    report.end()


def main():
    if sys.argv[1:] == ["--write"]:
        for name, text in wanted().items():
            with open(os.path.join(lint.ROOT, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        return
    for name, text in wanted().items():
        report = lint.Report("describe", f"{name} says what the table says")
        if not os.path.exists(os.path.join(lint.ROOT, name)) or \
                lint.read(name) != text:
            report.fault(name, "run tests/lint/describe.py --write")
        report.end()
    check_openrpc()


if __name__ == "__main__":
    main()
