#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seeds for the fuzzers: seeds.py FOLDER. From PROTOCOL.md's examples, from
openrpc.json and from the settings of a node."""
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def examples():
    """(is an act, text) of each message of PROTOCOL.md."""
    for body in re.findall(r"^```wire \w+\n(.*?)^```$",
                           read("client-lib/PROTOCOL.md"), re.S | re.M):
        for step in re.split(r"^(?=-> |<- )", body, flags=re.M):
            if step:
                yield step[0] == "-", json.dumps(json.loads(step[3:]),
                                                 ensure_ascii=False)


def sample(schema):
    """A value of a schema of openrpc.json."""
    kind = schema.get("type")
    if kind == "object":
        return {k: sample(v) for k, v in
                schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"])]
    if kind == "integer":
        return schema["minimum"]
    if kind == "boolean":
        return True
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date-time":
        return "2026-11-23T10:00:00+08:00"
    if "pattern" in schema:
        return "4" * int(re.search(r"\{(\d+)\}", schema["pattern"]).group(1))
    return "x" * schema.get("minLength", 1)


def acts():
    """Each act with all its fields; a refusal is as good a seed."""
    ref = "019231c8-6d7f-7abc-8def-0123456789ab"
    for method in json.loads(read("client-lib/openrpc.json"))["methods"]:
        params = {p["name"]: sample(p["schema"]) for p in method["params"]}
        yield json.dumps({"jsonrpc": "2.0", "id": ref,
                          "method": method["name"], "params": params})


def settings():
    """A file with every setting, and each alone."""
    rows = re.findall(r'^SETTING\((\w+), \w+, "([^"]*)"',
                      read("server/conf/settings.tbl.h"), re.M)
    lines = [f'{key}: "{value}"\n' for key, value in rows]
    yield "".join(lines)
    yield from lines


def proxies():
    """Where a proxy is, and what it answers."""
    for url in ("http://user:p%40ss@proxy.example:3128", "[::1]:8080",
                "wss://a.example/ws wss://[2001:db8::1]:7443/ws"):
        for status in ("200 Connection established", "407 Who are you?"):
            yield (f"{url}\nHTTP/1.1 {status}\r\nVia: 1.1 a\r\n\r\n"
                   "\x16\x03\x03")


def write(folder, texts):
    os.makedirs(folder, exist_ok=True)
    for number, text in enumerate(texts):
        path = os.path.join(folder, f"seed-{number:03}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def main():
    folder = sys.argv[1]
    said = list(examples())
    write(os.path.join(folder, "act"),
          [text for is_act, text in said if is_act] + list(acts()))
    write(os.path.join(folder, "answer"),
          [text for is_act, text in said if not is_act])
    write(os.path.join(folder, "conf"), settings())
    write(os.path.join(folder, "seal"),
          ["0" + text for is_act, text in said if is_act] +
          ['0{"text":"x"}', '1{},"copy":true', "2AAAA"])
    write(os.path.join(folder, "proxy"), proxies())
    write(os.path.join(folder, "outbox"), ["", "0SQLite format 3", "1234"])


if __name__ == "__main__":
    main()
