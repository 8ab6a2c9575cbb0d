/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upgrade: may this HTTP request become a WebSocket of ours? libwebsockets
 * would grant far more than RFC 6455 section 4.2.1 and we do.
 */
#ifndef NET_UPGRADE_H
#define NET_UPGRADE_H

struct conn;

/* 0 to go on, -1 to hang up (an answer may have been written). */
int upgrade_judge(struct conn *conn);
/* A request that asks for no upgrade: always -1, after an answer. */
int upgrade_refuse_plain(struct conn *conn);

#endif
