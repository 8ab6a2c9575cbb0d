/* SPDX-License-Identifier: Apache-2.0 */
/* fault: errors as values: codes, their sentences, the last of a thread. */
#include "fault.h"

#include <stdio.h>

#include "huiyin.h"
#include "text.h"

struct kept {
	hy_error error;
	char tag[32];
	char path[REFUSAL_PATH];
	char message[320];
};

static _Thread_local struct kept kept;

const char *
hy_version(void)
{
	return HUIYIN_VERSION;
}

const char *
hy_strerror(int code)
{
	static const char *const sentences[] = {
		"No error.",
		"The input is wrong.",
		"There is no memory left.",
		"The disk is full or broken: nothing was kept.",
		"The outbox is full: nothing was kept.",
		"Another program has this store open.",
		"The store was written by a newer version of the library.",
		"There is no session with the server now.",
		"The CA file cannot be read.",
		"Nothing has this ref.",
		"The system gave no thread or descriptor."
	};
	const int count = (int)(sizeof sentences / sizeof *sentences);

	return code <= 0 && code > -count ? sentences[-code] : "Unknown error.";
}

const hy_error *
hy_last_error(void)
{
	kept.error.tag = kept.tag;
	kept.error.path = kept.path;
	kept.error.message = kept.message;
	return &kept.error;
}

int
fault(int code, const char *tag, const char *path, const char *message)
{
	kept.error.code = code;
	(void)text_copy(kept.tag, sizeof kept.tag, tag ? tag : "");
	(void)text_copy(kept.path, sizeof kept.path, path ? path : "");
	(void)text_copy(kept.message, sizeof kept.message,
			message ? message : hy_strerror(code));
	return code;
}

int
fault_refusal(const struct refusal *why, const char *lang)
{
	const struct refusal_row *row = refusal_row(why->id);
	bool zh = lang_is_chinese(lang);
	char message[320];

	snprintf(message, sizeof message, "%s%s%s", zh ? row->zh : row->en,
		 zh ? "" : " ", zh ? row->allow_zh : row->allow_en);
	return fault(HY_ERR_INPUT, row->tag, why->path, message);
}
