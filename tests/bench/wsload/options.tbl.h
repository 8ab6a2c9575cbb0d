/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of wsload: OPTION(name, type, field, help); on the command line a
 * name has - for _. Types: TEXT, NUMBER, REAL, SWITCH, URL, PIDS, SLOT.
 */
#ifndef OPTION
#define OPTION(name, type, help)
#endif

OPTION(url, URL, "wss://127.0.0.1:PORT/PATH that is listened to")
OPTION(conns, NUMBER, "connections")
OPTION(inflight, NUMBER, "most connections on their way at a time")
OPTION(sources, NUMBER, "addresses 127.0.0.1.. that they come from")
OPTION(subprotocol, TEXT, "subprotocol asked for")
OPTION(cipher, TEXT, "TLS 1.3 suite")
OPTION(group, TEXT, "key exchange")
OPTION(hello, TEXT, "none, mqtt, nats or @FILE: what each says first")
OPTION(names, TEXT, "file of a line a connection: %1 %2 .. are its words")
OPTION(rpc, SWITCH, "answers are JSON-RPC: open means hello is answered")
OPTION(caught_up, SWITCH, "open means caught_up came")
OPTION(receipt, TEXT, "file: said for each notice (%i: its identifier)")
OPTION(pub, TEXT, "none, mqtt, nats, http or ws: how to publish")
OPTION(pub_url, URL, "where to publish; as --url when absent")
OPTION(pub_hello, TEXT, "file: what the publisher says first")
OPTION(pub_template, TEXT, "file: what it publishes (%s: payload)")
OPTION(topic, TEXT, "topic of mqtt and nats")
OPTION(size, NUMBER, "bytes of a payload")
OPTION(seconds, REAL, "publish for so long")
OPTION(messages, NUMBER, "publish so many")
OPTION(rate, REAL, "publish so many a second")
OPTION(window, NUMBER, "most published messages on their way; 0: no bound")
OPTION(warmup, NUMBER, "messages before what is measured")
OPTION(slot, SLOT, "I/N: take turns with N - 1 others, see turns.c")
OPTION(slot_ms, NUMBER, "length of a turn")
OPTION(slot_connects, NUMBER, "handshakes a turn, instead of messages")
OPTION(cycles, NUMBER, "turns")
OPTION(go_file, TEXT, "the turns begin when this file is there")
OPTION(up_file, TEXT, "file: what each connection says upstream")
OPTION(up_seconds, REAL, "for so long")
OPTION(up_rate, REAL, "so many a second, one connection after the other")
OPTION(up_window, NUMBER, "or: each keeps so many unanswered")
OPTION(pids, PIDS, "processes of the server: their CPU and memory")
OPTION(beside, PIDS, "processes that work for it: their CPU")
OPTION(settle_ms, NUMBER, "wait after connecting, before memory is read")
OPTION(hold, REAL, "seconds of idleness to be measured")
OPTION(reconnect, SWITCH, "at the end all come again")
OPTION(resume, SWITCH, "with their TLS sessions")
OPTION(limit, NUMBER, "seconds after which all is over")
OPTION(label, TEXT, "label of the line of JSON")

#undef OPTION
