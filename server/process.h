/* SPDX-License-Identifier: Apache-2.0 */
/* process: what the whole process of a node needs before anything else. */
#ifndef PROCESS_H
#define PROCESS_H

#include "must.h"

struct conf;

/* Signals, threads, time zone, hash seed. Before all else. */
void process_prepare(void);
/* Lets as many files be open as there may be connections, no more. */
void process_limit_files(int connections);
/* --check: the settings were good; are the files they name? 0 or 1. */
MUST_USE int process_check_files(const struct conf *conf);

#endif
