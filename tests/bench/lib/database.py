# SPDX-License-Identifier: Apache-2.0
"""A throw-away PostgreSQL that keeps its promises: fsync on, on a disk."""
import json
import os
import pwd
import re
import subprocess

BIN = "/usr/lib/postgresql/15/bin"
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0777
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 60
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_completion_target = 0.9
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = top
logging_collector = off
"""


def as_owner(command):
    if os.getuid() == 0:
        return ["runuser", "-u", "postgres", "--", *command]
    return command


class Database:
    def __init__(self, place):
        self.folder = place.path("pg")
        self.conninfo = f"host={self.folder} user=postgres dbname=huiyin"
        os.mkdir(self.folder)
        if os.getuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.data = os.path.join(self.folder, "data")
        self.call([f"{BIN}/initdb", "-D", self.data, "--no-sync", "-A",
                   "trust", "-U", "postgres", "--encoding=UTF8",
                   "--locale=C.UTF-8"])
        with open(os.path.join(self.data, "postgresql.conf"), "a",
                  encoding="utf-8") as conf:
            conf.write(SETTINGS.format(folder=self.folder))
        place.on_end.append(self.stop)
        self.control("start")
        self.sql("create database huiyin template template0 encoding utf8 "
                 "locale 'C.UTF-8'", "postgres")
        self.sql("create extension pg_stat_statements")

    def call(self, command):
        done = subprocess.run(as_owner(command), cwd=self.folder, check=False,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr.decode()}")

    def control(self, verb):
        self.call([f"{BIN}/pg_ctl", "-D", self.data, "-w", "-t", "60", "-m",
                   "fast", "-l", os.path.join(self.folder, "postgres.log"),
                   verb])

    def stop(self):
        self.control("stop")

    def sql(self, text, database="huiyin"):
        """Rows as lists of text."""
        done = subprocess.run(
            [f"{BIN}/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h",
             self.folder, "-U", "postgres", "-d", database],
            input=text.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise RuntimeError("psql: " + done.stderr.decode()[:2000])
        return [line.split("|") for line in done.stdout.decode().splitlines()]

    def value(self, text):
        return self.sql(text)[0][0]

    def admin(self, function, **params):
        literal = json.dumps(params, ensure_ascii=False).replace("'", "''")
        return json.loads(self.value(
            f"select admin.{function}('{literal}'::jsonb)"))

    def pids(self):
        """The postmaster and all its children."""
        with open(os.path.join(self.data, "postmaster.pid"),
                  encoding="utf-8") as file:
            first = int(file.readline())
        found = [first]
        with open(f"/proc/{first}/task/{first}/children",
                  encoding="utf-8") as file:
            found += [int(pid) for pid in file.read().split()]
        return found

    def pin(self, cpus):
        for pid in self.pids():
            try:
                os.sched_setaffinity(pid, cpus)
            except ProcessLookupError:
                pass

    def asked(self):
        """What nodes have asked so far: function -> [calls, milliseconds]."""
        rows = self.sql(
            "select s.calls, s.total_exec_time,"
            " translate(s.query, E'\\n|', '  ') from pg_stat_statements s"
            " join pg_roles r on r.oid = s.userid"
            " where r.rolname = 'huiyin_node'")
        by_name = {}
        for calls, spent, query in rows:
            found = re.search(r"api\.(\w+)", query)
            was = by_name.setdefault(found.group(1) if found else "other",
                                     [0, 0.0])
            was[0] += int(calls)
            was[1] += float(spent)
        return by_name

    def commit_us(self, seconds):
        """What one single-row commit takes through one connection."""
        self.sql("create table if not exists public.bare"
                 " (id bigserial primary key, t text)")
        script = os.path.join(os.path.dirname(self.folder), "bare.sql")
        with open(script, "w", encoding="utf-8") as file:
            file.write("insert into public.bare (t) values (repeat('x', 400));")
        done = subprocess.run(
            [f"{BIN}/pgbench", "-n", "-f", script, "-T", str(seconds), "-h",
             self.folder, "-U", "postgres", "huiyin"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        found = re.search(r"latency average = ([\d.]+) ms",
                          done.stdout.decode())
        return float(found.group(1)) * 1000


def asked_since(after, before):
    """The same, of what came in between."""
    found = {}
    for name, (calls, spent) in after.items():
        was = before.get(name, (0, 0.0))
        if calls != was[0]:
            found[name] = [calls - was[0], round(spent - was[1], 1)]
    return found
