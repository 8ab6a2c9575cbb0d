/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speak: what is said to the server. Texts come from template files, where
 *   %d  number of the connection        %1 .. %6  words of its line of --names
 *   %r  a fresh ref (UUIDv7)            %q  a running number
 *   %t  now, RFC 3339                   %i  identifier of the notice heard
 *   %s  the payload
 * are replaced; brokers have their own protocols in brokers.c.
 */
#ifndef WSLOAD_SPEAK_H
#define WSLOAD_SPEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

/* Reads the template files and the names. */
bool speak_init(void);
bool speak_hello(struct peer *p);
/* Publishes one payload; false when the publisher failed. */
bool speak_publish(uint32_t number);
/* The message of --up-file. */
bool speak_up(struct peer *p);
/* The message of --receipt about a notice. */
bool speak_receipt(struct peer *p, const char *notice);

/* brokers.c; kind is mqtt, nats or http. */
bool broker_is(const char *kind);
/* topic NULL: only connects. */
bool broker_hello(struct peer *p, const char *kind, const char *topic);
bool broker_publish(const char *kind, const char *payload, size_t len);

#endif
