#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a layer, follows its TAP, and adds its counts to a file.

usage: tap.py LAYER LOG COUNTS COMMAND...

Everything goes to LOG. Shown are: what failed or was skipped, with the
comments that follow; and progress, comments that begin with "#:". A layer
that ends badly without a failed test, or runs no test, counts as a failure.
"""
import re
import subprocess
import sys
import time

RESULT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:- )?(.*)$")
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)


class Count:
    """What has been seen so far."""

    def __init__(self, layer):
        self.layer = layer
        self.begun = time.monotonic()
        self.passed = self.failed = self.skipped = 0
        self.talks = False

    def say(self, text):
        seconds = time.monotonic() - self.begun
        print(f"  {self.layer} {seconds:6.1f} s  {text}", flush=True)

    def take(self, line):
        result = RESULT.match(line)
        if result:
            self.take_result(result)
        elif line.startswith("#:"):
            self.say(line[2:].strip())
            self.talks = False
        elif self.talks and line.startswith("#"):
            print("      " + line, flush=True)

    def take_result(self, result):
        bad, name = result.group(1), result.group(3)
        self.talks = False
        if SKIP.search(name):
            self.skipped += 1
            self.say("skipped: " + name)
        elif bad:
            self.failed += 1
            self.talks = True
            self.say("FAILED: " + name)
        else:
            self.passed += 1


def main():
    layer, log_path, counts_path, *command = sys.argv[1:]
    count = Count(layer)
    with open(log_path, "w", encoding="utf-8") as log:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)
        for raw in child.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            print(line, file=log, flush=True)
            count.take(line)
        code = child.wait()
    if code == 124:
        count.failed += 1
        count.say("FAILED: took too long and was stopped")
    elif code != 0 and count.failed == 0:
        count.failed += 1
        count.say(f"FAILED: ended with code {code}; its last words:")
        with open(log_path, encoding="utf-8") as log:
            for line in log.readlines()[-20:]:
                print("      " + line.rstrip("\n"))
    elif count.passed + count.failed + count.skipped == 0:
        count.failed += 1
        count.say("FAILED: ran no test")
    count.say(f"{count.passed} passed, {count.failed} failed, "
              f"{count.skipped} skipped")
    with open(counts_path, "a", encoding="utf-8") as counts:
        print(count.passed, count.failed, count.skipped, file=counts)


if __name__ == "__main__":
    main()
