# SPDX-License-Identifier: Apache-2.0
"""What is measured: nodes of huiyin, and the bare broadcaster beside them."""
import os
import signal
import subprocess
import urllib.error
import urllib.request

from processes import (LOAD_CPUS, SERVER_CPUS, free_port, say,
                       wait_until)


def is_listening(port):
    wanted = f":{port:04X} 00000000:0000 0A"
    with open("/proc/net/tcp", encoding="utf-8") as file:
        return wanted in file.read()


class Floor:
    """The bare OpenSSL broadcaster (or lwsfloor), on the server's CPU."""

    def __init__(self, place, programs, options=(), program="floor"):
        self.port = free_port()
        self.place = place
        cert, key = place.certificate()
        self.child = place.processes.start(
            [os.path.join(programs, "bench", program), "--port",
             str(self.port), "--cert", cert, "--key", key, *options],
            place.log("floor"), cpus=SERVER_CPUS, nice=-10)
        wait_until(lambda: is_listening(self.port), 10, "floor")
        self.pids = str(self.child.pid)

    def options(self):
        url = f"wss://127.0.0.1:{self.port}/"
        return ["--url", url + "sub", "--pub-url", url + "pub", "--pids",
                self.pids]

    def publishing(self):
        return ["--pub", "ws"]

    def stop(self):
        self.place.processes.stop(self.child, 1)


def answer(url, seconds=5):
    """Status and text; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Node:
    """One huiyind with the settings of an installation."""

    def __init__(self, place, programs, county, port=None, **how):
        self.place = place
        self.port = port or free_port()
        self.admin_port = free_port()
        cert, key = place.certificate()
        self.name = f"bench-{self.admin_port}"
        env = {
            **os.environ,
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
            "HUIYIN_NODE": self.name,
            "HUIYIN_DATABASE": f"host={county.database.folder} "
                               "user=huiyin_node dbname=huiyin",
            "HUIYIN_INSTALLATION_SECRET_FILE": county.secret_file,
            "HUIYIN_PORT": str(self.port),
            "HUIYIN_CERT": cert,
            "HUIYIN_KEY": key,
            "HUIYIN_ADMIN_PORT": str(self.admin_port),
            **how.get("settings", {}),
        }
        self.child = place.processes.start(
            [os.path.join(programs, "bin", "huiyind")], place.log(self.name),
            env=env, cpus=how.get("cpus", SERVER_CPUS), nice=-10)
        self.wait()
        self.perf = None
        if how.get("profiled"):
            self.profile()

    def profile(self):
        """Where its time goes, from now on; stop() says it."""
        self.perf = self.place.processes.start(
            ["perf", "record", "-q", "-F", "1999", "-g", "-e", "cpu-clock",
             "-p", str(self.child.pid), "-o",
             self.place.path(self.name + ".perf")],
            self.place.log("perf"), cpus=LOAD_CPUS)

    def say_profile(self):
        self.perf.send_signal(signal.SIGINT)
        self.perf.wait(30)
        for sort, least in (("dso", "0.5"), ("dso,sym", "0.7")):
            done = subprocess.run(
                ["perf", "report", "-i", self.place.path(self.name + ".perf"),
                 "--stdio", "--no-children", "-g", "none", "--sort", sort,
                 "--percent-limit", least], stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, check=False)
            for line in done.stdout.decode().splitlines():
                if line.strip() and not line.startswith("#"):
                    say(line)

    def wait(self):
        url = f"http://127.0.0.1:{self.admin_port}/ready"

        def is_ready():
            if self.child.poll() is not None:
                raise RuntimeError("huiyind ended: "
                                   + self.place.tail(self.name))
            return answer(url)[0] == 200
        wait_until(is_ready, 30, "huiyind")

    def metrics(self):
        text = answer(f"http://127.0.0.1:{self.admin_port}/metrics")[1]
        found = {}
        for line in text.splitlines():
            if line and line[0] != "#":
                name, value = line.rsplit(" ", 1)
                found[name.removeprefix("huiyin_")] = float(value)
        return found

    def stop(self):
        if self.perf:
            self.say_profile()
        self.place.processes.stop(self.child)


def run_load(place, programs, words, cpus, limit):
    """Runs wsload to its end; returns its line of JSON as text."""
    child = place.processes.start(
        [os.path.join(programs, "bench", "wsload"), "--limit", str(limit),
         *words], place.log("wsload"), stdout=subprocess.PIPE, cpus=cpus,
        nice=-15)
    try:
        out, _ = child.communicate(timeout=limit + 30)
    finally:
        place.processes.stop(child, 1)
    return out.decode()
