# SPDX-License-Identifier: Apache-2.0
"""What wsload says to huiyin: template files (see wsload/speak.h)."""
import json

from county import COUNTY

URL = "wss://127.0.0.1:{port}/ws"
CHINESE = "各村合作社凭身份证和合作社证明到镇综合服务中心申报,逾期不再受理。"


def act(name, params):
    return json.dumps({"jsonrpc": "2.0", "id": "%r", "method": name,
                       "params": params}, ensure_ascii=False,
                      separators=(",", ":"))


def hello(**more):
    params = {"protocol": 1, "client": "wsload", **more}
    return json.dumps({"jsonrpc": "2.0", "id": "h%d", "method": "hello",
                       "params": params}, separators=(",", ":"))


def notice(extra):
    return act("notice.publish", {
        "kind": "policy", "headline": "关于扶贫产业补贴申报的通知",
        "description": "%s" + extra, "audience": {"regions": [COUNTY]}})


class Said:
    """The templates of one run, as options of wsload."""

    def __init__(self, place, county):
        self.county = county
        self.files = {
            "kiosk": hello(**{"as": "kiosk", "name": "%1", "secret": "%2"}),
            "back": hello(**{"as": "kiosk", "name": "%1", "secret": "%2",
                             "epoch": "%5", "cursor": "%4"}).replace(
                                 '"%4"', "%4"),
            "clerk": hello(**{"as": "staff", "name": "clerk",
                              "secret": county.password}),
            "short": notice(""),
            "long": notice((CHINESE * 60)[:1900]),
            "feedback": act("feedback.submit", {
                "region": "%3", "service": "need",
                "text": "第 %q 件:" + CHINESE * 3}),
            "receipt": act("notice.receipt", {
                "notice": "%i", "state": "delivered", "at": "%t"}),
        }
        self.path = {name: place.write(f"{name}.json", text)
                     for name, text in self.files.items()}

    def kiosks(self, node, names, pids, back=False):
        """Options to connect as enrolled kiosks."""
        hello_file = self.path["back" if back else "kiosk"]
        more = ["--caught-up"] if back else []
        return ["--url", URL.format(port=node.port), "--subprotocol",
                "huiyin.v1", "--rpc", "--hello", "@" + hello_file, "--names",
                names, "--pids", pids, *more]

    def publishing(self, which="short"):
        """Options to publish as the clerk."""
        return ["--pub", "ws", "--pub-hello", self.path["clerk"],
                "--pub-template", self.path[which]]
