#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mtls_client.py PORT [CERT KEY]: is this client's upgrade granted? 0 or 1."""
import socket
import ssl
import sys

UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
           b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Protocol: huiyin.v1\r\n\r\n")


def answer(port, identity):
    trust = ssl.create_default_context()
    trust.check_hostname = False
    trust.verify_mode = ssl.CERT_NONE
    if identity:
        trust.load_cert_chain(*identity)
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            with trust.wrap_socket(peer, server_hostname="localhost") as tls:
                tls.sendall(UPGRADE)
                return tls.recv(4096)
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(b" 101 " not in answer(int(sys.argv[1]), sys.argv[2:]))
