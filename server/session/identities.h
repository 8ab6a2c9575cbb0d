/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identities: follows what administrators change. A session whose identity
 * was disabled ends at once; one whose audience changed comes back and gets
 * what is now addressed to it.
 */
#ifndef SESSION_IDENTITIES_H
#define SESSION_IDENTITIES_H

#include "must.h"

struct identities;
struct sessions;

MUST_USE struct identities *identities_new(struct sessions *sessions);
void identities_free(struct identities *i);
/* The store is up: follows from now on. */
void identities_start(struct identities *i);
void identities_wake(struct identities *i);

#endif
