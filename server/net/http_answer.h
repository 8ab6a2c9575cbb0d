/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_answer: plain HTTP answers. Each ends its connection: keep-alive is
 * how a request gets at what the one before it left in libwebsockets.
 */
#ifndef NET_HTTP_ANSWER_H
#define NET_HTTP_ANSWER_H

struct conn;

/* Writes a status with one sentence; returns -1, for "hang up". */
int http_answer(struct conn *conn, int status, const char *sentence);
/* A request that came through the operators' door; returns -1. */
int http_ask_admin(struct conn *conn);

#endif
