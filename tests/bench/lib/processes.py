# SPDX-License-Identifier: Apache-2.0
"""What a run starts, where it runs, and how all of it ends again."""
import atexit
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))

CPUS = sorted(os.sched_getaffinity(0))
ALL_CPUS = set(CPUS)
SERVER_CPUS = {CPUS[0]} if len(CPUS) > 1 else ALL_CPUS
LOAD_CPUS = {CPUS[1]} if len(CPUS) > 1 else ALL_CPUS


def say(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def free_port():
    """A port of loopback that nobody has; above 20000."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port > 20000:
            return port


def wait_until(is_true, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return
        time.sleep(0.02)
    raise RuntimeError(f"{what}: not within {seconds} s")


def prepare(cpus, nice):
    """Run in the child before its program."""
    def in_child():
        os.setsid()
        os.sched_setaffinity(0, cpus)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        try:
            os.setpriority(os.PRIO_PROCESS, 0, nice)
        except PermissionError:
            pass
    return in_child


class Processes:
    """Everything started here, by pid; stopped at the end, whatever ends."""

    def __init__(self):
        self.started = []

    def start(self, command, log, **how):
        """Starts a server or a load client with its output in log."""
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=log,
            stdout=how.get("stdout", log), env=how.get("env"),
            cwd=how.get("cwd"),
            preexec_fn=prepare(how.get("cpus", ALL_CPUS),
                               how.get("nice", 0)))
        self.started.append(child)
        return child

    def stop(self, child, seconds=15):
        if child in self.started:
            self.started.remove(child)
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def stop_all(self):
        for child in list(reversed(self.started)):
            self.stop(child, 3)


def disk_of(folder):
    """Kind of the file system that holds folder."""
    best, kind = "", "unknown"
    with open("/proc/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            _, at, this, *_ = line.split()
            inside = at == "/" or (folder + "/").startswith(at + "/")
            if inside and len(at) >= len(best):
                best, kind = at, this
    return kind


class Place:
    """A folder for one run: certificate, logs, templates, the cluster."""

    def __init__(self, keep):
        top = os.environ.get("HUIYIN_BENCH_DIR", "/var/tmp")
        self.folder = tempfile.mkdtemp(prefix="huiyin-bench.", dir=top)
        os.chmod(self.folder, 0o755)
        if disk_of(self.folder) in ("tmpfs", "ramfs"):
            raise RuntimeError(f"{self.folder} is no disk: set "
                               "HUIYIN_BENCH_DIR to a folder on one")
        self.keep = keep
        self.processes = Processes()
        self.on_end = []
        atexit.register(self.end)

    def end(self):
        self.processes.stop_all()
        while self.on_end:
            self.on_end.pop()()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def log(self, name):
        return open(self.path(name + ".log"), "ab")

    def tail(self, name):
        with open(self.path(name + ".log"), encoding="utf-8") as file:
            return file.read()[-500:]

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def certificate(self):
        """Self-signed, ECDSA P-256: what every server here uses."""
        cert, key = self.path("cert.pem"), self.path("key.pem")
        if not os.path.exists(cert):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                 "-out", cert, "-days", "30", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                check=True, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
        return cert, key


def build(folder):
    """A release build of the project; returns the folder of its programs."""
    log = os.path.join(folder, "build.log")
    os.makedirs(folder, exist_ok=True)
    say(f"release build in {folder}")
    commands = (
        ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja",
         "-DCMAKE_BUILD_TYPE=Release", "-DHUIYIN_SANITIZE=OFF"],
        ["ninja", "-C", folder, "huiyind", "huiyin-admin", "wsload", "floor",
         "lwsfloor", "huiyin", "idler"])
    with open(log, "wb") as out:
        for command in commands:
            done = subprocess.run(command, stdout=out, stderr=out,
                                  check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{command[0]} failed, see {log}")
    return folder
