/* SPDX-License-Identifier: Apache-2.0 */
/* minutes: a meeting and its summary, as one would read them. */
#ifndef CLI_MINUTES_H
#define CLI_MINUTES_H

#include <jansson.h>

/* What meeting.get answers. */
void minutes_print_meeting(const json_t *meeting);
/* What summary.get answers. */
void minutes_print_summary(const json_t *summary);

#endif
