/* SPDX-License-Identifier: Apache-2.0 */
/* fault: what the calling thread's last failed call has to say. */
#ifndef CLIENT_FAULT_H
#define CLIENT_FAULT_H

#include "must.h"
#include "refusal.h"

/*
 * Keeps what went wrong for hy_last_error and returns code, for
 * `return fault(...)`. tag and path may be NULL; message NULL: that of code.
 */
int fault(int code, const char *tag, const char *path, const char *message);
/* The same of a refusal of the table of errors, as HY_ERR_INPUT. */
int fault_refusal(const struct refusal *why, const char *lang);

#endif
