/* SPDX-License-Identifier: Apache-2.0 */
/* describe: the table of acts as Markdown. */
#include "describe.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "seal.h"
#include "squeeze.h"

static const char *
need_name(const struct field *f, char text[64])
{
	if (f->need != UNLESS)
		return f->need == MUST ? "must" : "may";
	snprintf(text, 64, "unless `%s`", strchr(f->words, ';') + 1);
	return text;
}

static void
print_choice(const char *words)
{
	const char *comma = "";

	for (size_t len; *words && *words != ';'; words += len) {
		len = strcspn(words, "|;");
		printf("%s`%.*s`", comma, (int)len, words);
		comma = ", ";
		len += words[len] == '|';
	}
}

static void
print_type(const struct field *f)
{
	long long min = f->min, max = f->max;

	switch (f->type) {
	case TEXT:
		printf("text, %lld-%lld characters", min, max);
		if (f->words && *f->words != ';') {
			printf("; such as ");
			print_choice(f->words);
		}
		break;
	case WORD:
		print_choice(f->words);
		break;
	case INTEGER:
		printf("integer, %lld-%lld", min, max);
		break;
	case LIST:
		printf("list, %lld-%lld items", min, max);
		break;
	case DIGITS:
		printf("%lld digits", max);
		break;
	case BOOLEAN:
		printf("boolean");
		break;
	case OBJECT:
		printf("object");
		break;
	case REGION:
		printf("region code");
		break;
	case REF:
		printf("ref (UUIDv7)");
		break;
	case TIME:
		printf("time");
		break;
	}
}

static const char *
result_type(const struct result *row)
{
	static const char *const names[] = {
		[TEXT] = "text",          [WORD] = "word",
		[INTEGER] = "integer",    [BOOLEAN] = "boolean",
		[OBJECT] = "object",      [LIST] = "list",
		[REGION] = "region code", [REF] = "ref",
		[TIME] = "time",          [DIGITS] = "digits",
	};

	return names[row->type];
}

static void
print_fields(const struct act *act)
{
	static const char *const privacy[] = { "", " *(personal)*",
					       " *(secret)*" };
	char text[64];

	if (act->field_count == 0) {
		printf("It has no fields.\n\n");
		return;
	}
	printf("| field | type | | |\n|---|---|---|---|\n");
	for (size_t i = 0; i < act->field_count; i++) {
		const struct field *f = &act->field[i];

		printf("| `%s` | ", f->path);
		print_type(f);
		printf(" | %s | %s%s |\n", need_name(f, text), f->help,
		       privacy[f->privacy]);
	}
	putchar('\n');
}

static void
print_results(const char *title, const struct result *row, size_t count)
{
	if (count == 0) {
		printf("%s is an empty object.\n\n", title);
		return;
	}
	printf("| %s | type | |\n|---|---|---|\n", title);
	for (size_t i = 0; i < count; i++, row++) {
		printf("| `%s` | ", row->path);
		if (row->words)
			print_choice(row->words);
		else
			printf("%s", result_type(row));
		printf(" | %s |\n", row->help);
	}
	putchar('\n');
}

static void
print_roles(unsigned who)
{
	const char *comma = "";

	if (who == WHO_ANYONE) {
		printf("anyone");
		return;
	}
	for (unsigned role = 1; role <= WHO_ADMIN; role <<= 1) {
		if (!(who & role))
			continue;
		printf("%s%s", comma, role_name(role));
		comma = ", ";
	}
}

static void
print_act(const struct act *act)
{
	printf("### %s\n\n%s\n\nSaid by ", act->name, act->help);
	print_roles(act->who);
	printf(", %s. It %s; at most %zu bytes.%s\n\n",
	       act->when == BEFORE_HELLO ? "as the first act of a session" :
					   "after `hello`",
	       act->does == WRITES ? "writes: its `id` is a ref" : "reads",
	       act->size, seal_is_for(act) ? " It may be sealed." : "");
	print_fields(act);
	print_results("result", act->result, act->result_count);
}

static void
print_refusals(void)
{
	printf("## Refusals\n\n"
	       "| `tag` | `code` | `retry` | `message` | `allow` |\n"
	       "|---|---|---|---|---|\n");
	for (int i = 1; i < REFUSAL_COUNT; i++) {
		const struct refusal_row *r = refusal_row((enum refusal_id)i);

		printf("| `%s` | %d | %s | %s<br>%s | %s<br>%s |\n", r->tag,
		       r->code, r->retry == LATER ? "later" : "never", r->en,
		       r->zh, r->allow_en, r->allow_zh);
	}
}

/* Of the word "deflate", for clients that are not ours (base64, RFC 4648). */
static void
print_dictionary(void)
{
	size_t len, line = 57; /* bytes that make 76 characters */
	const char *text = squeeze_dictionary(&len);
	char encoded[80];

	printf("## The dictionary of deflate\n\n%zu bytes, in base64:\n\n",
	       len);
	for (size_t at = 0; at < len; at += line) {
		size_t n = len - at < line ? len - at : line;

		(void)sodium_bin2base64(encoded, sizeof encoded,
					(const unsigned char *)text + at, n,
					sodium_base64_VARIANT_ORIGINAL);
		printf("    %s\n", encoded);
	}
}

void
print_reference(void)
{
	printf("## Acts\n\n");
	for (int i = 0; i < ACT_COUNT; i++)
		print_act(act_row((enum act_id)i));
	printf("## News\n\n");
	for (int i = 0; i < NEWS_COUNT; i++) {
		const struct news *news = news_row((enum news_id)i);

		printf("### News: %s\n\n%s\n\n", news->name, news->help);
		print_results("params", news->field, news->field_count);
	}
	print_refusals();
	print_dictionary();
}
