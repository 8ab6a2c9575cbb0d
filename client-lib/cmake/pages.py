#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Man pages of section 3, from what huiyin.h says.

pages.py HEADER FOLDER VERSION [SCDOC]

Writes NAME.3.scd into FOLDER: huiyin, one per function, one per struct; with
SCDOC, the program of that name makes NAME.3 of each.
"""
import os
import re
import subprocess
import sys

import header

WORDS = re.compile(r"\b(hy_[a-z_]+|HY_[A-Z_]+|NULL)\b")
# An enum is told of on the page of the struct that has its values.
TOLD_WITH = {"hy_error": "hy_code", "hy_options": "hy_flag",
             "hy_event": "hy_kind"}
COMPILE = ("cc program.c $(pkg-config --cflags --libs huiyin)\n\n"
           "find_package(huiyin)\n"
           "target_link_libraries(program huiyin::huiyin)")


def plain(text):
    """Text in which scdoc finds nothing of its own."""
    return re.sub(r"([\\*_`\[\]<>#~])", r"\\\1", text)


def rich(text):
    """As plain, and names of the library stand out."""
    parts = WORDS.split(header.squeeze(text))
    return "".join(f"*{plain(p)}*" if i % 2 else plain(p)
                   for i, p in enumerate(parts))


def literal(lines):
    return "```\n" + "\n".join(lines) + "\n```\n"


def prose(text):
    """Paragraphs; lines with a tab in front are shown as they are."""
    out, paragraph, code = [], [], []

    def flush():
        if paragraph:
            out.append(rich(" ".join(paragraph)) + "\n")
        while code and not code[-1]:
            code.pop()
        if code:
            out.append(literal(code))
        paragraph.clear()
        code.clear()
    for line in text.split("\n"):
        if line.startswith("\t"):
            if paragraph:
                flush()
            code.append(line[1:].replace("\t", "        "))
        elif not line and code:
            code.append("")
        elif not line:
            flush()
        else:
            if code:
                flush()
            paragraph.append(line)
    flush()
    return "\n".join(out)


def summary_of(text):
    """Its main clause, as the line of a list."""
    text = re.sub(r"\s*\([^)]*\)", "", text)
    clause = re.split(r"\.(?=\s|$)|;\s|:\s", text, maxsplit=1)[0]
    return clause[0].lower() + header.squeeze(clause)[1:]


def members(type_):
    """Each with its comment below it."""
    return "\n".join(f"*{plain(code.rstrip(';'))}*\n\t{rich(comment)}\n"
                     for code, comment in type_.members)


def page(name, summary, *sections):
    """The text of one page; sections are (title, text), without empty ones."""
    return f"{name}(3)\n\n" + "\n".join(
        f"# {title}\n\n{text}" for title, text in (
            ("NAME", f"{name} - {plain(summary)}\n"), *sections) if text)


def errors(codes, all_codes):
    return "\n".join(f"*{code}*\n\t{rich(comment)}\n"
                     for code, comment in all_codes if code in codes)


class Pages:
    """Name -> text in scdoc's language."""

    def __init__(self, head):
        self.head = head
        threads = [p for p in head.text.split("\n\n")
                   if p.startswith("Threads: ")]
        self.threads = "".join(threads).replace("Threads: ", "", 1)
        self.codes = [(code.split()[0], comment)
                      for code, comment in head.type("hy_code").members]
        self.structs = [t for t in head.types if t.kind == "struct"]

    def also(self, text, own):
        """huiyin(3) and the pages that text names."""
        pages = [f.name for f in self.head.functions] + \
            [t.name for t in self.structs]
        named = [n for n in pages
                 if n != own and re.search(rf"\b{n}\b", text)]
        return ", ".join(f"*{plain(n)}*(3)" for n in ["huiyin"] + named) + "\n"

    def overview(self):
        lines = "\n".join(f"*{plain(f.name)}*(3)\n\t"
                          f"{plain(summary_of(f.text))}\n"
                          for f in self.head.functions)
        types = "\n".join(f"*{plain(t.name)}*(3)\n" for t in self.structs)
        title, _, rest = self.head.text.partition("\n")
        return page("huiyin", title.split(": ")[1].rstrip("."),
                    ("SYNOPSIS", literal(["#include <huiyin.h>"]) + "\n" +
                     literal(COMPILE.split("\n"))),
                    ("DESCRIPTION", prose(rest.strip("\n"))),
                    ("FUNCTIONS", lines), ("STRUCTS", types),
                    ("SEE ALSO", "*huiyin*(1)\n"))

    def function(self, f):
        text = f.prototype + f.text
        return page(f.name, summary_of(f.text),
                    ("SYNOPSIS", literal(["#include <huiyin.h>", ""] +
                                         f.lines)),
                    ("DESCRIPTION", prose(f.text)),
                    ("ERRORS", errors(f.codes, self.codes)),
                    ("THREADS", prose(self.threads)),
                    ("SEE ALSO", self.also(text, f.name)))

    def struct(self, t):
        users = " ".join(f.name for f in self.head.functions
                         if re.search(rf"\b{t.name}\b", f.prototype))
        told = self.head.type(TOLD_WITH[t.name]) if t.name in TOLD_WITH \
            else None
        return page(t.name, summary_of(t.text),
                    ("SYNOPSIS", literal(["#include <huiyin.h>"])),
                    ("DESCRIPTION", prose(t.text)),
                    ("FIELDS", members(t)),
                    (f"ENUM {told.name.upper()}" if told else "",
                     members(told) if told else ""),
                    ("SEE ALSO", self.also(users, t.name)))

    def all(self):
        yield "huiyin", self.overview()
        for f in self.head.functions:
            yield f.name, self.function(f)
        for t in self.structs:
            yield t.name, self.struct(t)


def main(path, folder, version, scdoc=None):
    with open(path, encoding="utf-8") as file:
        pages = Pages(header.Header(file.read()))
    os.makedirs(folder, exist_ok=True)
    for old in os.listdir(folder):
        os.remove(os.path.join(folder, old))
    for name, text in pages.all():
        source = os.path.join(folder, name + ".3.scd")
        head, rest = text.split("\n", 1)
        text = f'{head} "libhuiyin {version}" "libhuiyin"\n{rest}'
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        if scdoc:
            with open(source[:-len(".scd")], "wb") as made:
                subprocess.run([scdoc], input=text.encode(), stdout=made,
                               check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
