# SPDX-License-Identifier: Apache-2.0
"""What the checks of tests/lint share: files, exceptions, TAP."""
import os
import re
import subprocess
import sys

ROOT = os.environ.get("HUIYIN_ROOT") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOUND = "tests/fuzz/found/"  # what the fuzzer made is no text
EXCEPTIONS = os.path.join(ROOT, "tests/lint/exceptions")


def files(*endings):
    """Files of the work tree that git would keep, sorted."""
    out = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z", "-co",
         "--exclude-standard"],
        check=True, stdout=subprocess.PIPE).stdout.decode()
    names = sorted(set(filter(None, out.split("\0"))))
    names = [n for n in names if not n.startswith(FOUND)]
    return [n for n in names if (not endings or n.endswith(endings))
            and os.path.isfile(os.path.join(ROOT, n))]


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def c_files(*endings):
    """C of our own; the tables are data."""
    return [n for n in files(*(endings or (".c", ".h")))
            if not n.endswith(".tbl.h")]


def code_only(text):
    """C text with comments and the content of literals blanked."""
    pattern = re.compile(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        re.DOTALL)

    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] + " " * (len(found) - 2) + found[0]
        return re.sub(r"[^\n]", " ", found)
    return pattern.sub(blank, text)


class Exceptions:
    """Lines "check subject reason": what is allowed to be otherwise."""

    def __init__(self, check):
        self.allowed = {}
        self.used = set()
        for number, line in enumerate(read("tests/lint/exceptions")
                                      .splitlines(), 1):
            words = line.split(None, 2)
            if not words or words[0].startswith("#") or words[0] != check:
                continue
            if len(words) < 3:
                sys.exit(f"tests/lint/exceptions:{number}: no reason")
            self.allowed[words[1]] = number

    def allows(self, subject):
        if subject in self.allowed:
            self.used.add(subject)
        return subject in self.allowed

    def unused(self):
        return [f"tests/lint/exceptions:{number}: {subject} needs no "
                "exception any more"
                for subject, number in self.allowed.items()
                if subject not in self.used]


class Report:
    """One test: a sentence, and the faults that make it false."""

    def __init__(self, check, sentence):
        self.sentence = sentence
        self.exceptions = Exceptions(check)
        self.faults = []

    def fault(self, subject, text):
        """subject is what an exception would name: FILE or FILE:THING."""
        if not self.exceptions.allows(subject):
            self.faults.append(text)

    def end(self):
        faults = self.faults + self.exceptions.unused()
        print(("not " if faults else "") + "ok - " + self.sentence)
        for text in faults[:40]:
            for line in text.splitlines():
                print("# " + line)
        if len(faults) > 40:
            print(f"# and {len(faults) - 40} more")
        sys.stdout.flush()
