/* SPDX-License-Identifier: Apache-2.0 */
/* errands: what the commands do; each returns the exit code. */
#ifndef ERRANDS_H
#define ERRANDS_H

#include "wish.h"

int run_ask(struct wish *w); /* asks the function, shows the result */
int run_migrate(struct wish *w);
int run_check(struct wish *w);
int run_import(struct wish *w);
int run_person(struct wish *w); /* a password, then as run_ask */
int run_totp(struct wish *w);
int run_enrol(struct wish *w);
int run_seal_new(struct wish *w);
int run_seal_list(struct wish *w);
int run_verify(struct wish *w);      /* the audit chain and its witnesses */
int run_head(struct wish *w);        /* a head of it, to be kept as a witness */
int run_auditor_key(struct wish *w); /* a new pair of the auditor */
int run_unseal(struct wish *w);
int run_export(struct wish *w);
int run_correct(struct wish *w);
int run_erase(struct wish *w);
int run_seal(struct wish *w); /* what an older release left in clear */

#endif
