# SPDX-License-Identifier: Apache-2.0
"""What a kiosk costs that is only there: bytes on the wire, memory, disk."""
import os
import subprocess

from processes import ALL_CPUS, wait_until
from servers import Node

KEEPALIVE = 5  # seconds, instead of a quarter of an hour
TURNS = 5      # keepalives that are counted
PING = 0.8     # of a keepalive: then the library asks for a sign of life


class Idler:
    """The program idler, beside a node."""

    def __init__(self, bench, node, keepalive):
        place = bench.place
        bench.county.enrol(1)
        name, secret, _ = bench.county.kiosks[0]
        self.log = place.path("idler.log")
        self.child = subprocess.Popen(
            [os.path.join(bench.programs, "bench", "idler"),
             f"wss://127.0.0.1:{node.port}/ws", place.certificate()[0], name,
             secret, place.path("idler-store"), str(keepalive)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(self.log, "wb"), text=True, bufsize=1,
            preexec_fn=lambda: os.sched_setaffinity(0, ALL_CPUS))
        place.processes.started.append(self.child)
        self.wait()

    def wait(self):
        """Until it has caught up."""
        line = self.child.stdout.readline()
        if line != "caught up\n":
            raise RuntimeError(f"idler said {line!r}")

    def cost(self):
        """Bytes sent and received so far."""
        self.child.stdin.write("\n")
        line = self.child.stdout.readline()
        while line == "caught up\n":
            line = self.child.stdout.readline()
        return sum(int(number) for number in line.split())

    def memory(self):
        """KiB: resident, and its share of what it has with others."""
        found = {}
        with open(f"/proc/{self.child.pid}/smaps_rollup",
                  encoding="ascii") as file:
            for line in file.read().splitlines()[1:]:
                name, value, *_ = line.split()
                found[name] = int(value)
        return found["Rss:"], found["Pss:"]

    def resumed(self):
        with open(self.log, encoding="utf-8") as file:
            told = [line for line in file if "resumed so far" in line]
        return int(told[-1].rsplit(" ", 1)[1])


def quiet(idler):
    """Waits until nothing came for half a second; its cost then."""
    last = [idler.cost(), 0]

    def is_quiet():
        now = idler.cost()
        last[1] = last[1] + 1 if now == last[0] else 0
        last[0] = now
        return last[1] > 25

    wait_until(is_quiet, KEEPALIVE, "a quiet moment")
    return last[0]


def await_ping(idler):
    """Until a sign of life was asked for and given; all bytes so far."""
    before = idler.cost()
    wait_until(lambda: idler.cost() != before, KEEPALIVE * 2, "a ping")
    return quiet(idler)


def count_idle(idler, turns):
    """Bytes of so many keepalives, from a quiet moment to another one."""
    begun = await_ping(idler)
    for _ in range(turns):
        now = await_ping(idler)
    return now - begun


def stripped(bench):
    """Bytes of the shared library as a package would have it."""
    name = bench.place.path("libhuiyin.so")
    subprocess.run(["strip", "--strip-unneeded", "-o", name, os.path.join(
        bench.programs, "client-lib", "libhuiyin.so")], check=True)
    return os.path.getsize(name)


def client(bench):
    """An idle kiosk program: bytes an hour, memory, size of the library."""
    node = bench.node(settings={
        "HUIYIN_KEEPALIVE_SECONDS": str(KEEPALIVE),
        "HUIYIN_KEEPALIVE_MOST_SECONDS": "900"})
    idler = Idler(bench, node, KEEPALIVE)
    first = quiet(idler)
    spent = count_idle(idler, TURNS)
    rss, pss = idler.memory()
    port, before = node.port, idler.cost()
    node.stop()
    node = Node(bench.place, bench.programs, bench.county, port=port)
    idler.wait()
    again = quiet(idler) - before
    resumed = idler.resumed()
    idler.child.stdin.close()
    idler.child.wait(10)
    node.stop()
    each = spent / TURNS
    return {
        "bytes_an_hour": round(each * 3600 / (900 * PING)),
        "bytes_a_keepalive": round(each),
        "hour": f"from {TURNS} keepalives of {KEEPALIVE} s; one of 900 s is "
                f"asked for after {900 * PING:.0f} s, so 5 an hour",
        "counted": "TCP_INFO of the client: payload and TCP/IP headers",
        "connect_bytes": first,
        "reconnect_bytes": again,
        "resumed": resumed,
        "rss_kib": rss,
        "rss_mib": round(rss / 1024, 2),
        "pss_kib": pss,
        "library_bytes": stripped(bench),
    }
