#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A kiosk in Python, by ctypes alone: what kiosk.c does.

kiosk.py URL CA NAME SECRET REGION STORE

LIBHUIYIN names the library where the system does not find it.
"""
import ctypes
import os
import select
import sys

NOTICE, SETTLED, REFUSED = 3, 5, 6  # enum hy_kind
TEXT = ctypes.c_char_p


class Options(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t)] + [(name, TEXT) for name in (
        "url", "ca", "as_", "name", "secret", "code", "region", "lang",
        "agent", "store")]  # the rest may be left out: size says so


class Feedback(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("region", TEXT),
                ("service", TEXT), ("text", TEXT)]


class Event(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("ref", TEXT), ("act", TEXT),
                ("body", TEXT), ("tag", TEXT), ("path", TEXT),
                ("message", TEXT), ("seq", ctypes.c_int64)]


HY = ctypes.CDLL(os.environ.get("LIBHUIYIN", "libhuiyin.so.0"))
HY.hy_next.restype = ctypes.POINTER(Event)
HY.hy_field.restype = HY.hy_strerror.restype = TEXT


def show(client, event):
    def field(path):
        return (HY.hy_field(event, path) or b"?").decode()
    kind = event[0].kind
    if kind == NOTICE:
        print(field(b"headline"))
        HY.hy_receipt(client, field(b"notice").encode(), b"shown")
    elif kind == SETTLED:
        print(f"received, no. {field(b'receipt')}, key {field(b'key')}")
    elif event[0].message:
        print(event[0].message.decode())
    if kind in (SETTLED, REFUSED):
        HY.hy_done(client, event[0].ref)


def main(url, ca, name, secret, region, store):
    client = ctypes.c_void_p()
    options = Options(ctypes.sizeof(Options), url, ca, b"kiosk", name, secret,
                      store=store)
    code = HY.hy_open(ctypes.byref(client), ctypes.byref(options))
    if code != 0:
        sys.exit(HY.hy_strerror(code).decode())
    line = b" "
    while line:
        ready, _, _ = select.select([sys.stdin, HY.hy_fd(client)], [], [])
        while event := HY.hy_next(client):
            show(client, event)
        line = os.read(0, 8192) if sys.stdin in ready else line
        if line.strip():
            feedback = Feedback(ctypes.sizeof(Feedback), region, b"question",
                                line.strip())
            code = HY.hy_submit_feedback(client, ctypes.byref(feedback), None)
            print(HY.hy_strerror(code).decode() if code else "stored here")
    HY.hy_close(client)


main(*(os.fsencode(word) for word in sys.argv[1:]))
