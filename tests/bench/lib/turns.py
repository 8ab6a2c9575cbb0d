# SPDX-License-Identifier: Apache-2.0
"""Servers side by side, taking turns; what one costs beside the other."""
import json
import os
import subprocess
import time

from processes import LOAD_CPUS


def quantile(values, q):
    values = sorted(values)
    return values[int(q * (len(values) - 1) + 0.5)] if values else 0.0


class Session:
    """One wsload for each peer; only one of them works at a time."""

    def __init__(self, place, programs, slot_ms, cycles):
        self.place = place
        self.wsload = os.path.join(programs, "bench", "wsload")
        self.slot_ms = slot_ms
        self.cycles = cycles

    def begin(self, slot, label, words):
        path = self.place.path(f"turn-{slot[0]}.json")
        with open(path, "wb") as out:
            child = self.place.processes.start(
                [self.wsload, "--limit", "580", "--label", label, "--slot",
                 f"{slot[0]}/{slot[1]}", "--slot-ms", str(self.slot_ms),
                 "--cycles", str(self.cycles), "--go-file",
                 self.place.path("go"), *words],
                self.place.log("wsload"), stdout=out, cpus=LOAD_CPUS,
                nice=-15)
        return child, path

    @staticmethod
    def connected(child, path):
        """Waits until all connections stand: that part is printed then."""
        end = time.monotonic() + 120
        while time.monotonic() < end and child.poll() is None:
            with open(path, "rb") as file:
                if b"hs_max_ms" in file.read():
                    return
            time.sleep(0.1)
        raise RuntimeError(f"{path}: not connected")

    def run(self, peers):
        """peers: label -> options of wsload. Returns label -> its line."""
        go = self.place.path("go")
        if os.path.exists(go):
            os.unlink(go)
        running = []
        for number, (label, words) in enumerate(peers.items()):
            one = self.begin((number, len(peers)), label, words)
            self.connected(*one)
            running.append((label, *one))
        time.sleep(1)
        with open(go, "wb"):
            pass
        lines = {}
        for label, child, path in running:
            try:
                child.wait(600)
            except subprocess.TimeoutExpired:
                pass
            self.place.processes.stop(child, 1)
            with open(path, encoding="utf-8") as file:
                lines[label] = json.loads(file.read())
        return lines


def compare(lines, label, reference):
    """Server CPU per event of label as a multiple of reference's."""
    of_reference = {cycle: us for cycle, us, *_ in lines[reference]["turns"]}
    ratios = [us / of_reference[cycle]
              for cycle, us, *_ in lines[label]["turns"]
              if of_reference.get(cycle)]
    ours = [us for _, us, *_ in lines[label]["turns"]]
    beside = [us for _, _, us, _ in lines[label]["turns"]]
    theirs = list(of_reference.values())
    return {
        "turns": len(ratios),
        "us": round(quantile(ours, 0.5), 3),
        "us_p10": round(quantile(ours, 0.1), 3),
        "floor_us": round(quantile(theirs, 0.5), 3),
        "postgresql_us": round(quantile(beside, 0.5), 3),
        "ratio": round(quantile(ratios, 0.5), 3),
        "ratio_q1": round(quantile(ratios, 0.25), 3),
        "ratio_q3": round(quantile(ratios, 0.75), 3),
    }
