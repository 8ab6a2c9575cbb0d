/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submitter: whose voice a feedback is, between the wire, where it is said in
 * clear, and the database, where it lies sealed (person.h).
 */
#ifndef SUBMITTER_H
#define SUBMITTER_H

#include <jansson.h>
#include <stdbool.h>

#include "must.h"

/*
 * Params of feedback.submit as SQL gets them: submitter.name, submitter.phone
 * and filed_by are taken out, person is put in: {sealed, salt} and a mark of
 * the submitter (pseudonym or contact). Where somebody wants to be anonymous
 * and no auditor is configured, person is {dropped: true} and nothing of them
 * is kept. Canonical text, owned by the caller; NULL when memory is out.
 */
MUST_USE char *submitter_seal(const json_t *params);
/* May there be something to unseal in what SQL answered? */
MUST_USE bool submitter_is_in(const char *result);
/*
 * A feedback as SQL answered it: what is sealed in person goes where it was
 * said, and person goes. Text, owned by the caller; NULL when memory is out.
 */
MUST_USE char *submitter_unseal(const char *result);
/*
 * The same of a value. private: the auditor's key, to open what is anonymous;
 * NULL: that stays closed. A record that does not open is shown without its
 * person. False when memory is out.
 */
MUST_USE bool submitter_show(json_t *feedback, const char *private);
/*
 * Opens person {sealed, salt}: {name?, phone?, filed_by?}, owned by the
 * caller; NULL when it does not open.
 */
MUST_USE json_t *submitter_open(const json_t *person, const char *private);
/*
 * What is kept of who (see submitter_seal): person, owned by the caller; NULL
 * when memory is out.
 */
MUST_USE json_t *submitter_record(const json_t *who, bool anonymous);

#endif
