# SPDX-License-Identifier: Apache-2.0
"""The scenarios: each returns figures for one line of JSON."""
import json
import time

from database import asked_since
from idler import client
from processes import ALL_CPUS, LOAD_CPUS, SERVER_CPUS
from servers import Floor, Node, run_load
from turns import Session, compare

TROUBLES = ("lost", "duplicates", "corrupt", "dropped", "stalls", "refused",
            "protocol_errors", "hs_failed")


class Bench:
    """What all scenarios stand on."""

    def __init__(self, place, programs, county, said):
        self.place = place
        self.programs = programs
        self.county = county
        self.database = county.database
        self.said = said
        self.quick = self.profiled = False

    def pick(self, full, quick):
        return quick if self.quick else full

    def node(self, **how):
        return Node(self.place, self.programs, self.county,
                    profiled=self.profiled, **how)

    def floor(self, *options):
        return Floor(self.place, self.programs, options)

    def load(self, words, cpus=None, limit=300):
        text = run_load(self.place, self.programs, words, cpus or LOAD_CPUS,
                        limit)
        try:
            line = json.loads(text)
        except ValueError:
            raise RuntimeError(f"wsload said: {text[-300:]!r}") from None
        if line["hs_established"] == 0:
            raise RuntimeError("nobody got in: " + self.place.tail("wsload"))
        return line

    def beside(self):
        return ["--beside", ",".join(str(p) for p in self.database.pids())]


def troubles(line):
    """What should be nothing and is not."""
    found = {name: line[name] for name in TROUBLES if line.get(name)}
    if line.get("trouble"):
        found["trouble"] = line["trouble"]
    return found


# --- notices -----------------------------------------------------------------

def fan(bench, conns, size, which, more, slot_ms=500):
    """One node beside the bare broadcaster, one notice after the other."""
    bench.county.enrol(conns)
    bench.database.pin(LOAD_CPUS)
    node = bench.node()
    names = bench.county.names(conns)
    ours = [*bench.said.kiosks(node, names, str(node.child.pid)),
            *bench.said.publishing(which), "--conns", str(conns), "--size",
            str(size), *more]
    first = bench.load([*ours, "--seconds", "3", "--warmup", "1"])
    wire = int(first["bytes_per_delivery"]) - 4
    pace = max(1, first["deliveries"] / conns / 3)
    floor, same, paced_floor = bench.floor(), bench.floor(), bench.floor()
    base = ["--conns", str(conns), *more]
    cycles = bench.pick(24, 12)
    lines = Session(bench.place, bench.programs, slot_ms, cycles).run({
        "floor": [*floor.options(), *floor.publishing(), "--size", str(size),
                  *base],
        "same": [*same.options(), *same.publishing(), "--size", str(wire),
                 *base],
        "pace": [*paced_floor.options(), *paced_floor.publishing(), "--size",
                 str(wire), "--conns", str(conns), "--rate", f"{pace:.1f}"],
        "huiyin": [*ours, *bench.beside()],
    })
    for server in (floor, same, paced_floor, node):
        server.stop()
    bench.database.pin(ALL_CPUS)
    return fan_figures(lines, wire)


def fan_figures(lines, wire):
    mine = lines["huiyin"]
    same = compare(lines, "huiyin", "same")
    pace = compare(lines, "huiyin", "pace")
    return {
        **compare(lines, "huiyin", "floor"),
        "ratio_same_bytes": same["ratio"],
        "ratio_same_pace": pace["ratio"],
        "bytes": wire,
        "p50_ms": round(mine["lat_p50_us"] / 1e3, 2),
        "p99_ms": round(mine["lat_p99_us"] / 1e3, 2),
        "floor_p50_ms": round(lines["floor"]["lat_p50_us"] / 1e3, 2),
        "floor_p99_ms": round(lines["floor"]["lat_p99_us"] / 1e3, 2),
        "publish_p50_ms": round(mine["publish_p50_us"] / 1e3, 2),
        "deliveries": int(mine["deliveries"]),
        **troubles(mine),
    }


def fan1k(bench):
    """One notice of 512 bytes at a time to 1,000 kiosks."""
    return fan(bench, 1000, 512, "short", ["--window", "1"])


def fan5k(bench):
    """The same to 5,000."""
    return fan(bench, 5000, 512, "short", ["--window", "1"], 1000)


def burst(bench):
    """16 notices of 512 bytes on their way, 1,000 kiosks."""
    return fan(bench, 1000, 512, "short", ["--window", "16"])


def long_notices(bench):
    """Notices of 6 KB of Chinese text to 1,000 kiosks."""
    return fan(bench, 1000, 64, "long", ["--window", "1"])


def paced(bench):
    """20 notices a second to 1,000 kiosks: how late they are."""
    return fan(bench, 1000, 512, "short", ["--rate", "20"], 1000)


# --- sessions ----------------------------------------------------------------

def idle(bench):
    """Memory of idle sessions of kiosks that said hello."""
    conns = bench.pick(5000, 1000)
    bench.county.enrol(conns)
    names = bench.county.names(conns)
    node = bench.node()
    mine = bench.load([
        *bench.said.kiosks(node, names, str(node.child.pid)), "--conns",
        str(conns), "--inflight", "128", "--settle-ms", "3000", "--hold",
        "3"])
    node.stop()
    floor = bench.floor()
    bare = bench.load([*floor.options(), "--conns", str(conns),
                       "--inflight", "128"])
    floor.stop()
    return {
        "sessions": int(mine["hs_established"]),
        "kib": round(mine["kib_per_conn"], 2),
        "floor_kib": round(bare["kib_per_conn"], 2),
        "kernel_kib": round(mine["slab_kib_per_conn"], 2),
        "idle_cpu_ms_per_s": mine["idle_cpu_ms_per_s"],
        **troubles(mine),
    }


def handshakes(bench, more):
    """TLS and upgrade, without hello, beside thousands of idle sessions."""
    conns = bench.pick(5000, 1000)
    bench.county.enrol(conns)
    names = bench.county.names(conns)
    node, floor = bench.node(), bench.floor()
    base = ["--conns", str(conns), "--inflight", "64", "--slot-connects",
            "200", *more]
    lines = Session(bench.place, bench.programs, 700, bench.pick(16, 12)).run({
        "floor": [*floor.options(), *base],
        "huiyin": [*bench.said.kiosks(node, names, str(node.child.pid)),
                   *base],
    })
    node.stop()
    floor.stop()
    figures = compare(lines, "huiyin", "floor")
    del figures["postgresql_us"]
    return {**figures, "per_cpu_second": round(1e6 / figures["us"]),
            "resumed": lines["huiyin"]["resumed"],
            **troubles(lines["huiyin"])}


def handshakes_full(bench):
    """Full TLS handshakes."""
    return handshakes(bench, [])


def handshakes_resumed(bench):
    """Resumed TLS handshakes."""
    return handshakes(bench, ["--resume"])


def storm(bench):
    """Kiosks return at once, with cursors of different ages."""
    conns = bench.pick(5000, 1000)
    missed = 500
    bench.county.enrol(conns)
    epoch, head = bench.county.seed_notices(missed)
    cursors = [max(1, head - missed + (n * 7) % missed)
               for n in range(conns)]
    names = bench.county.names(conns, cursors, epoch)
    node = bench.node()
    before, metrics = bench.database.asked(), node.metrics()
    mine = bench.load([
        *bench.said.kiosks(node, names, str(node.child.pid), back=True),
        "--conns", str(conns), "--inflight", "1000", *bench.beside()])
    asked = asked_since(bench.database.asked(), before)
    replays = "replay_queries_total"
    replays = node.metrics()[replays] - metrics[replays]
    node.stop()
    asked.pop("node_alive", None)
    return {
        "sessions": int(mine["hs_established"]),
        "seconds": round(mine["hs_seconds"], 2),
        "p50_ms": round(mine["hs_p50_ms"], 1),
        "p99_ms": round(mine["hs_p99_ms"], 1),
        "us": round(mine["hs_server_us"], 1),
        "postgresql_us": round(mine["hs_beside_us"], 1),
        "notices": int(mine["notices"]),
        "notices_due": sum(head - cursor for cursor in cursors),
        "queries": sum(calls for calls, _ in asked.values()),
        "asked": asked,
        "replay_queries": int(replays),
        **troubles(mine),
    }


# --- acts --------------------------------------------------------------------

def batches(before, after):
    """Batches by the most acts in them, of all nodes together."""
    found, last = {}, 0
    for name in sorted((n for n in after[0] if "batch_acts_bucket" in n),
                       key=bound_of):
        total = sum(a[name] - b[name] for a, b in zip(after, before))
        if total != last:
            found[name.split('"')[1]] = int(total - last)
        last = total
    return found


def bound_of(name):
    text = name.split('"')[1]
    return float("inf") if text == "+Inf" else int(text)


def by_cpu(line):
    """What the CPUs would settle a second if nobody else used them."""
    spent = sum(line[part + "_us_per_act"]
                for part in ("server", "beside", "client"))
    return round(len(ALL_CPUS) * 1e6 / spent) if spent else 0


def feedback(bench, count):
    """Kiosks keep windows of 64 feedbacks on their way; all is durable."""
    conns, seconds = 100, bench.pick(10, 5)
    bench.county.enrol(conns)
    names = bench.county.names(conns)
    settings = {"HUIYIN_ACTS_PER_SECOND": "1000000"}
    nodes = [bench.node(settings=settings, cpus=ALL_CPUS)]
    for _ in range(count - 1):
        nodes.append(bench.node(settings=settings, cpus=ALL_CPUS,
                                port=nodes[0].port))
    pids = ",".join(str(node.child.pid) for node in nodes)
    before = [node.metrics() for node in nodes]
    asked = bench.database.asked()
    rows = int(bench.database.value("select count(*) from huiyin.feedback"))
    mine = bench.load([
        *bench.said.kiosks(nodes[0], names, pids), "--conns", str(conns),
        "--up-file", bench.said.path["feedback"], "--up-window", "64",
        "--up-seconds", str(seconds), *bench.beside()], cpus=ALL_CPUS)
    after = [node.metrics() for node in nodes]
    asked = asked_since(bench.database.asked(), asked)
    rows = int(bench.database.value(
        "select count(*) from huiyin.feedback")) - rows
    for node in nodes:
        node.stop()
    settled = [a["batched_acts"] - b["batched_acts"]
               for a, b in zip(after, before)]
    return {
        "nodes": count,
        "settled": int(mine["settled"]),
        "per_s": round(mine["settled_per_s"]),
        "rows": rows,
        "by_node": [int(n) for n in settled],
        "node_us": round(mine["server_us_per_act"], 1),
        "postgresql_us": round(mine["beside_us_per_act"], 1),
        "load_us": round(mine["client_us_per_act"], 1),
        "per_s_by_cpu": by_cpu(mine),
        "others_cpus": round(mine["up_other_util"], 2),
        "p50_ms": round(mine["settle_p50_us"] / 1e3, 1),
        "p99_ms": round(mine["settle_p99_us"] / 1e3, 1),
        "batches": batches(before, after),
        "asked": asked,
        **troubles(mine),
    }


def feedback1(bench):
    """Feedback settled by one node."""
    return feedback(bench, 1)


def feedback2(bench):
    """Feedback settled by two nodes."""
    return feedback(bench, 2)


def lone(bench):
    """Single submissions under light load, beside a bare commit."""
    bench.county.enrol(100)
    names = bench.county.names(100)
    node = bench.node(cpus=ALL_CPUS)
    commit = bench.database.commit_us(bench.pick(5, 2))
    asked = bench.database.asked()
    mine = bench.load([
        *bench.said.kiosks(node, names, str(node.child.pid)), "--conns",
        "100", "--up-file", bench.said.path["feedback"], "--up-rate", "50",
        "--up-seconds", str(bench.pick(8, 4)), *bench.beside()])
    asked = asked_since(bench.database.asked(), asked)
    commit = (commit + bench.database.commit_us(bench.pick(5, 2))) / 2
    node.stop()
    return {
        "settled": int(mine["settled"]),
        "p50_us": round(mine["settle_p50_us"]),
        "p99_us": round(mine["settle_p99_us"]),
        "bare_commit_us": round(commit),
        "ratio": round(mine["settle_p50_us"] / commit, 2),
        "asked": asked,
        "node_us": round(mine["server_us_per_act"], 1),
        "postgresql_us": round(mine["beside_us_per_act"], 1),
        **troubles(mine),
    }


def receipts(bench):
    """Kiosks acknowledge one notice at once."""
    conns = bench.pick(5000, 1000)
    bench.county.enrol(conns)
    names = bench.county.names(conns)
    node = bench.node()
    before = bench.database.asked()
    mine = bench.load([
        *bench.said.kiosks(node, names, str(node.child.pid)),
        *bench.said.publishing(), "--conns", str(conns), "--inflight", "128",
        "--messages", "1", "--warmup", "0", "--receipt",
        bench.said.path["receipt"], *bench.beside()])
    asked = asked_since(bench.database.asked(), before)
    rows = int(bench.database.value(
        "select count(*) from huiyin.notice_receipt"))
    node.stop()
    return {
        "receipts": int(mine["settled"]),
        "rows": rows,
        "seconds": round(mine["settled_seconds"], 3),
        "per_s": round(mine["settled_per_s"]),
        "statements": asked.get("notice_receipt", [0])[0],
        "asked": asked,
        "node_us": round(mine["server_us_per_act"], 1),
        "postgresql_us": round(mine["beside_us_per_act"], 1),
        **troubles(mine),
    }


# Idle comes before notices are published: what a node has freed after reading
# those in force is taken by sessions first, and nothing would seem to grow.
ALL = {
    "client": client, "idle": idle,
    "fan1k": fan1k, "burst": burst, "long": long_notices, "paced": paced,
    "fan5k": fan5k, "handshakes": handshakes_full,
    "resumed": handshakes_resumed, "storm": storm, "receipts": receipts,
    "lone": lone, "feedback1": feedback1, "feedback2": feedback2,
}


def run(bench, name):
    """One line: the figures of a scenario and how long it took."""
    began = time.monotonic()
    figures = ALL[name](bench)
    return {"scenario": name, **figures,
            "took_s": round(time.monotonic() - began, 1)}


__all__ = ["ALL", "Bench", "SERVER_CPUS", "run"]
