/* SPDX-License-Identifier: Apache-2.0 */
/* trust: OpenSSL's verdict, mended where the clock is known to be wrong. */
#include "trust.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"

#define DAY 86400

/* __DATE__ is as C11 6.10.8.1 has it: "Nov 25 2026", "Nov  5 2026". */
int64_t
trust_built(void)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char date[] = __DATE__;
	char month[4] = { date[0], date[1], date[2], 0 };
	struct tm tm = { 0 };

	tm.tm_mon = (int)(strstr(months, month) - months) / 3;
	tm.tm_mday = (int)strtol(date + 4, NULL, 10);
	tm.tm_year = (int)strtol(date + 7, NULL, 10) - 1900;
	return (int64_t)timegm(&tm) - DAY;
}

void
trust_init(struct trust *trust)
{
	*trust = (struct trust){ .until = INT64_MAX };
}

void
trust_begin(struct trust *trust, int64_t floor)
{
	trust->floor = floor;
	trust->why = NULL;
	trust->judged = false;
}

static int64_t
seconds_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

bool
trust_judge(struct trust *trust, X509_STORE_CTX *chain, bool good)
{
	const X509 *one = X509_STORE_CTX_get_current_cert(chain);
	int64_t until = one ? seconds_of(X509_get0_notAfter(one)) : 0;

	if (clock_wall_ms() / 1000 < trust->floor && one) {
		if (X509_STORE_CTX_get_error(chain) ==
		    X509_V_ERR_CERT_NOT_YET_VALID) {
			X509_STORE_CTX_set_error(chain, X509_V_OK);
			good = true;
		}
		if (good && until < trust->floor) {
			X509_STORE_CTX_set_error(chain,
						 X509_V_ERR_CERT_HAS_EXPIRED);
			good = false;
		}
	}
	if (!good)
		trust->why = X509_verify_cert_error_string(
			X509_STORE_CTX_get_error(chain));
	else if (!trust->judged || until < trust->until)
		trust->until = until;
	trust->judged = true;
	return good;
}
