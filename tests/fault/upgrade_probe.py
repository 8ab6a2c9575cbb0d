#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""upgrade_probe.py PORT [tls|plain]: upgrades that must never be granted.

Among them the two requests on one connection which reach the use after free
of CVE-2025-11677 in libwebsockets 4.1.6: run the server under valgrind to see
it. By itself this only fails when an upgrade is granted that should not be,
when a good one is not, or when the server is gone. Loopback only.
"""
import socket
import ssl
import sys

PORT = int(sys.argv[1])
TLS = sys.argv[2:] != ["plain"]
PATIENCE = 20  # seconds: valgrind is slow


def dial():
    peer = socket.create_connection(("127.0.0.1", PORT), PATIENCE)
    if TLS:
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        trust.set_alpn_protocols(["http/1.1"])
        peer = trust.wrap_socket(peer, server_hostname="localhost")
    return peer


def ask(peer, request):
    try:
        peer.sendall(request)
        return peer.recv(4096)
    except OSError:
        return b""


def plain(connection):
    return (b"GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: "
            + connection + b"\r\n\r\n")


def upgrade(to, connection=b"Upgrade", more=b""):
    return (b"GET /ws HTTP/1.1\r\nHost: localhost\r\n"
            b"Connection: " + connection + b"\r\nUpgrade: " + to + b"\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Sec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: huiyin.v1\r\n" + more + b"\r\n")


H2C = upgrade(b"h2c", b"Upgrade, HTTP2-Settings",
              b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n")
BAD = (
    ("Upgrade: foo", [upgrade(b"foo")]),
    ("Upgrade: foo, kept alive", [upgrade(b"foo", b"keep-alive, Upgrade")]),
    ("kept alive, then Upgrade: foo", [plain(b"keep-alive"), upgrade(b"foo")]),
    ("Upgrade: foo, then again", [upgrade(b"foo"), upgrade(b"foo")]),
    ("both in one piece", [plain(b"keep-alive") + upgrade(b"foo")]),
    ("foo and foo in one piece", [upgrade(b"foo") + upgrade(b"foo")]),
    ("foo and websocket in one piece",
     [upgrade(b"foo", b"keep-alive, Upgrade") + upgrade(b"websocket")]),
    ("Upgrade: h2c", [H2C]),
    ("kept alive, then Upgrade: h2c", [plain(b"keep-alive"), H2C]),
    ("Upgrade: h2c in one piece", [plain(b"keep-alive") + H2C]),
)


def granted(requests):
    peer = dial()
    answer = b""
    for request in requests:
        answer = ask(peer, request)
    peer.close()
    return b" 101 " in answer


def main():
    wrong = 0
    for name, requests in BAD:
        if granted(requests):
            print("granted:", name)
            wrong += 1
    if not granted([upgrade(b"websocket")]):
        print("not granted: a good upgrade")
        wrong += 1
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
