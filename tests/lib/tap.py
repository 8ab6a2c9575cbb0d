#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a layer, follows its TAP, and adds its counts to a file.

usage: tap.py LAYER LOG COUNTS WRONGS COMMAND...

Everything goes to LOG. Shown are: what failed or was skipped, with the
comments that follow; and progress, comments that begin with "#:". A layer
that ends badly without a failed test, or runs no test, counts as a failure.
What failed is kept in WRONGS too, with its comments: who sees only the end of
a long run sees it there again.
"""
import re
import subprocess
import sys
import time

RESULT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:- )?(.*)$")
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)


class Count:
    """What has been seen so far."""

    def __init__(self, layer, wrongs):
        self.layer = layer
        self.wrongs = wrongs
        self.begun = time.monotonic()
        self.passed = self.failed = self.skipped = 0
        self.talks = False

    def say(self, text):
        seconds = time.monotonic() - self.begun
        print(f"  {self.layer} {seconds:6.1f} s  {text}", flush=True)

    def wrong(self, text):
        self.failed += 1
        self.say("FAILED: " + text)
        print(f"FAILED: {self.layer}: {text}", file=self.wrongs, flush=True)

    def explain(self, line):
        print("      " + line, flush=True)
        print("      " + line, file=self.wrongs, flush=True)

    def take(self, line):
        result = RESULT.match(line)
        if result:
            self.take_result(result)
        elif line.startswith("#:"):
            self.say(line[2:].strip())
            self.talks = False
        elif self.talks and line.startswith("#"):
            self.explain(line)

    def take_result(self, result):
        bad, name = result.group(1), result.group(3)
        self.talks = False
        if SKIP.search(name):
            self.skipped += 1
            self.say("skipped: " + name)
        elif bad:
            self.wrong(name)
            self.talks = True
        else:
            self.passed += 1


def follow(count, log, command):
    """Runs command to its end and returns its exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    for raw in child.stdout:
        line = raw.decode("utf-8", "replace").rstrip("\n")
        print(line, file=log, flush=True)
        count.take(line)
    return child.wait()


def judge(count, code, log_path):
    """Counts what a layer's end says of it."""
    if code == 124:
        count.wrong("took too long and was stopped")
    elif code != 0 and count.failed == 0:
        count.wrong(f"ended with code {code}; its last words:")
        with open(log_path, encoding="utf-8") as log:
            for line in log.readlines()[-20:]:
                count.explain(line.rstrip("\n"))
    elif count.passed + count.failed + count.skipped == 0:
        count.wrong("ran no test")


def main():
    layer, log_path, counts_path, wrongs_path, *command = sys.argv[1:]
    with open(wrongs_path, "a", encoding="utf-8") as wrongs:
        count = Count(layer, wrongs)
        with open(log_path, "w", encoding="utf-8") as log:
            code = follow(count, log, command)
        judge(count, code, log_path)
    count.say(f"{count.passed} passed, {count.failed} failed, "
              f"{count.skipped} skipped")
    with open(counts_path, "a", encoding="utf-8") as counts:
        print(count.passed, count.failed, count.skipped, file=counts)


if __name__ == "__main__":
    main()
