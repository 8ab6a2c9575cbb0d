/* SPDX-License-Identifier: Apache-2.0 */
/*
 * must: what has to be true because we wrote it so. Always compiled in.
 * Never for anything a peer, a file, the network or the database said.
 */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

/* Says where and what on stderr, then stops the process. */
_Noreturn void must_stop(const char *file, int line, const char *what);

#define must(x) ((x) ? (void)0 : must_stop(__FILE__, __LINE__, #x))

#endif
