/* SPDX-License-Identifier: Apache-2.0 */
/* who: who asks, as SQL is told. */
#ifndef STORE_WHO_H
#define STORE_WHO_H

struct bytes;
struct store_who;

/* Appends {principal, session, lang}; {} when who is NULL: the node itself. */
void who_write(struct bytes *to, const struct store_who *who);

#endif
