# SPDX-License-Identifier: Apache-2.0
"""Who is there: regions of Lichuan, a department, thousands of kiosks.

All kiosks of a run have one secret: only the node knows how it is hashed, so
huiyin-admin enrols the first one and the others are given its hash.
"""
import hashlib
import json
import os
import secrets
import subprocess

from processes import ROOT, say

COUNTY = "422802000000"
PER_STATION = 20


class County:
    def __init__(self, place, database, programs):
        self.place = place
        self.database = database
        self.admin = os.path.join(programs, "bin", "huiyin-admin")
        self.secret_file = place.write("installation.secret",
                                       secrets.token_hex(32) + "\n")
        os.chmod(self.secret_file, 0o600)
        self.kiosks = []
        self.run("db", "migrate")
        self.run("region", "import", os.path.join(
            ROOT, "sql/data/regions-422802.csv"), "--county", "422802")
        self.run("department", "add", "commerce", "--name", "商务局",
                 "--region", COUNTY)
        self.run("department", "add", "office", "--name", "领导小组办公室",
                 "--region", COUNTY, "--coordinating")
        self.password = secrets.token_hex(12)
        self.run("staff", "add", "clerk", "--roles", "clerk", "--department",
                 "commerce", said=self.password + "\n")
        self.kiosk_secret, self.kiosk_hash = self.enrol_first()

    def run(self, *words, said=""):
        done = subprocess.run(
            [self.admin, "--json", *words], input=said.encode(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "HUIYIN_DB": self.database.conninfo,
                 "HUIYIN_SQL": os.path.join(ROOT, "sql"),
                 "HUIYIN_INSTALLATION_SECRET_FILE": self.secret_file})
        if done.returncode != 0:
            raise RuntimeError(f"huiyin-admin {' '.join(words)}: "
                               + done.stderr.decode() + done.stdout.decode())
        return done.stdout.decode()

    def enrol_first(self):
        """The secret of all kiosks, and its hash."""
        station = json.loads(self.run("station", "add", "--region", COUNTY,
                                      "--name", "站"))["station"]
        name = json.loads(self.run("kiosk", "add", station))["name"]
        secret = json.loads(self.run("kiosk", "enrol", name))["secret"]
        self.run("kiosk", "disable", name)
        return secret, self.database.value(
            "select encode(k.secret_hash, 'hex') from huiyin.kiosk k"
            " join huiyin.principal p on p.id = k.principal"
            f" where p.name = '{name}'")

    def villages(self):
        return [row[0] for row in self.database.sql(
            "select code from huiyin.region where right(code, 3) <> '000'"
            " order by code")]

    def enrol(self, count):
        """Enrols kiosks until there are count, spread over the villages."""
        have = len(self.kiosks)
        if have >= count:
            return
        say(f"enrolling {count - have} kiosks")
        villages = self.villages()
        lines = ["set synchronous_commit = off;"]
        for number in range(have, count):
            village = villages[number % len(villages)]
            turn = number // len(villages)
            station = f"B-{village}-{turn // PER_STATION}"
            name = f"{village}-{turn + 1}"
            self.kiosks.append((name, self.kiosk_secret, village))
            if turn % PER_STATION == 0:
                lines.append(self.call("station_add", code=station,
                                       region=village, name="站"))
            lines.append(self.call("kiosk_add", station=station, name=name))
            lines.append(self.call("kiosk_enrol", name=name,
                                   secret_hash=self.kiosk_hash))
        self.database.sql("\n".join(lines))
        self.database.sql("vacuum analyze")

    @staticmethod
    def call(function, **params):
        return f"select admin.{function}('" + json.dumps(
            params, ensure_ascii=False) + "');"

    def names(self, count, cursors=None, epoch=""):
        """A file for --names: name, secret, region, cursor, epoch."""
        lines = []
        for number, (name, secret, region) in enumerate(self.kiosks[:count]):
            cursor = cursors[number] if cursors else 0
            lines.append(f"{name} {secret} {region} {cursor} {epoch or '-'}")
        return self.place.write("names", "\n".join(lines) + "\n")

    def seed_notices(self, count):
        """Publishes notices to the whole county; returns epoch and head."""
        who = self.database.value("select id from huiyin.principal"
                                  " where kind = 'staff' and name = 'clerk'")
        self.database.sql(
            "set synchronous_commit = off;\n" + "\n".join(
                self.publication(int(who), number) for number in range(count)))
        rows = self.database.sql(
            "select e.epoch, f.head from huiyin.installation e,"
            " huiyin.feed f where f.name = 'notice'")
        return rows[0][0], int(rows[0][1])

    @staticmethod
    def publication(who, number):
        item = {
            "n": 0, "ref": uuid7(), "hash": hashlib.sha256(
                str(number).encode()).hexdigest(),
            "who": {"principal": who, "session": "bench", "lang": None},
            "params": {"kind": "policy", "headline": f"第 {number} 号通知",
                       "description": "利川市扶贫产业补贴申报须知。" * 12,
                       "audience": {"regions": [COUNTY]}}}
        return "select count(*) from api.notice_publish('" + json.dumps(
            [item], ensure_ascii=False) + "');"


def uuid7():
    text = "0192" + secrets.token_hex(4) + "7" + secrets.token_hex(2)[1:]
    text += "8" + secrets.token_hex(8)[1:]
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20],
                     text[20:]))
