#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A TCP proxy that behaves like a bad village network, by seed.

It works below TLS, where each fault must look like a broken connection and
never like a message. The first line it prints is the port it listens on.

Commands on standard input: `down` (resets all, refuses new ones), `up`,
`hole` (all go silent until `up`), `stats` (prints a JSON object), `quit`.
"""
import argparse
import asyncio
import json
import random
import socket
import struct
import sys


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("target", help="HOST:PORT, or the path of a Unix socket")
    add("--listen", default="127.0.0.1:0",
        help="HOST:PORT, or the path of a Unix socket")
    add("--seed", type=int, default=1, help="the same seed, the same evening")
    add("--delay", type=float, default=0,
        help="each piece waits up to so many milliseconds")
    add("--chop", type=int, default=65536,
        help="passes on at most so many bytes a piece")
    add("--cut", type=float, default=0,
        help="chance that a piece resets both sides")
    add("--lose-acks", type=float, default=0,
        help="chance that both sides are reset right after a piece went up: "
        "done, and the sender never hears of it")
    add("--blackhole", type=float, default=0,
        help="chance that a connection goes silent for good")
    add("--flip", type=float, default=0,
        help="chance that a bit of a piece is flipped")
    add("--refuse", type=float, default=0,
        help="chance that a new connection is reset at once")
    return parser.parse_args()


def reset(writer):
    """Ends a connection by RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                        struct.pack("ii", 1, 0))
    except (OSError, AttributeError):
        pass
    writer.transport.abort()


class Proxy:
    """All connections, and what the weather is like."""

    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.down = False
        self.up_again = asyncio.Event()
        self.up_again.set()
        self.live = set()
        self.counts = dict.fromkeys(
            ("connections", "bytes", "cut", "lost_acks", "blackholes",
             "flipped", "refused"), 0)

    def happens(self, chance, name):
        happened = self.random.random() < chance
        self.counts[name] += happened
        return happened

    def flipped(self, piece):
        at = self.random.randrange(len(piece))
        bit = 1 << self.random.randrange(8)
        return piece[:at] + bytes([piece[at] ^ bit]) + piece[at + 1:]

    async def pass_on(self, piece, writer):
        options = self.options
        if options.delay:
            await asyncio.sleep(self.random.uniform(0, options.delay) / 1000)
        if self.happens(options.blackhole, "blackholes"):
            await asyncio.Event().wait()
        await self.up_again.wait()
        if self.happens(options.cut, "cut"):
            raise ConnectionResetError
        if self.happens(options.flip, "flipped"):
            piece = self.flipped(piece)
        writer.write(piece)
        await writer.drain()
        self.counts["bytes"] += len(piece)

    async def pump(self, reader, writer, is_up):
        most = self.options.chop
        while True:
            piece = await reader.read(
                most if most >= 65536 else self.random.randint(1, most))
            if not piece:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            await self.pass_on(piece, writer)
            if is_up and self.happens(self.options.lose_acks, "lost_acks"):
                await asyncio.sleep(0.02)
                raise ConnectionResetError

    async def join(self, one, other):
        """one and other are (reader, writer), one the client's."""
        pumps = [asyncio.ensure_future(self.pump(one[0], other[1], True)),
                 asyncio.ensure_future(self.pump(other[0], one[1], False))]
        self.live.update(pumps)
        try:
            await asyncio.gather(*pumps)
        except (OSError, RuntimeError, asyncio.CancelledError):
            reset(one[1])
            reset(other[1])
        finally:
            self.live.difference_update(pumps)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            one[1].close()
            other[1].close()

    async def accept(self, reader, writer):
        self.counts["connections"] += 1
        if self.down or self.happens(self.options.refuse, "refused"):
            reset(writer)
            return
        try:
            server = await connect(self.options.target)
        except OSError:
            reset(writer)
            return
        await self.join((reader, writer), server)

    def obey(self, command):
        if command == "down":
            self.down = True
            for pump in list(self.live):
                pump.cancel()
        elif command == "up":
            self.down = False
            self.up_again.set()
        elif command == "hole":
            self.up_again.clear()
        elif command == "stats":
            print(json.dumps(self.counts), flush=True)


def host_and_port(place):
    host, port = place.rsplit(":", 1)
    return host, int(port)


async def connect(place):
    if place.startswith("/"):
        return await asyncio.open_unix_connection(place)
    return await asyncio.open_connection(*host_and_port(place))


async def listen(place, accept):
    if place.startswith("/"):
        return await asyncio.start_unix_server(accept, place)
    return await asyncio.start_server(accept, *host_and_port(place))


async def main():
    options = read_options()
    proxy = Proxy(options)
    server = await listen(options.listen, proxy.accept)
    name = server.sockets[0].getsockname()
    print(name if isinstance(name, str) else name[1], flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while (line := await commands.readline()) and line.strip() != b"quit":
        proxy.obey(line.decode().strip())
    server.close()
    for pump in list(proxy.live):
        pump.cancel()


if __name__ == "__main__":
    asyncio.run(main())
