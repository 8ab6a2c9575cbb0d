/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trust: whether a server's certificate is good now, on a machine whose clock
 * may be wrong. One without a battery begins in 1970; but it is later than
 * the library was built and than a server has said when it was last there.
 * By a clock that says less nothing can be found not yet valid, and what had
 * expired by then has expired.
 */
#ifndef CLIENT_TRUST_H
#define CLIENT_TRUST_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

struct trust {
	int64_t floor;   /* it is later; seconds since 1970 */
	int64_t until;   /* end of what was judged good last, for a resumed
			    session shows nothing; INT64_MAX: nothing was */
	bool judged;     /* something was since trust_begin */
	const char *why; /* what is wrong, static; NULL: nothing */
};

/* Seconds since 1970, about a day before the library was built. */
int64_t trust_built(void);
void trust_init(struct trust *trust);
/* A handshake begins; what comes of it is to be judged as of floor. */
void trust_begin(struct trust *trust, int64_t floor);
/*
 * One certificate of the chain, and whether OpenSSL found it good. False: not
 * to be trusted.
 */
bool trust_judge(struct trust *trust, X509_STORE_CTX *chain, bool good);

#endif
