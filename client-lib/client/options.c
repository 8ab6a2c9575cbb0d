/* SPDX-License-Identifier: Apache-2.0 */
/* options: copied, since the program may free its own, and checked. */
#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "address.h"
#include "check.h"
#include "fault.h"
#include "handshake.h"

/* Every string of hy_options. */
static const size_t strings[] = {
	offsetof(hy_options, url),      offsetof(hy_options, ca),
	offsetof(hy_options, as),       offsetof(hy_options, name),
	offsetof(hy_options, secret),   offsetof(hy_options, code),
	offsetof(hy_options, region),   offsetof(hy_options, lang),
	offsetof(hy_options, agent),    offsetof(hy_options, store),
	offsetof(hy_options, seal_key), offsetof(hy_options, proxy),
};

static const char **
string_at(hy_options *o, size_t i)
{
	return (const char **)((char *)o + strings[i]);
}

static int
wrong(const char *path, const char *message)
{
	return fault(HY_ERR_INPUT, "bad_value", path, message);
}

/* One option against the row of hello that it becomes. */
static int
check_hello(const hy_options *o, const char *path, const char *value)
{
	const struct field *row = check_row(act_row(ACT_hello), path);
	struct refusal why;
	json_t *text;
	int code = HY_OK;

	must(row != NULL);
	if (!value)
		return HY_OK;
	text = json_string(value);
	if (!text)
		return wrong(path, "This is not UTF-8 text.");
	if (check_value(row, text, path, &why) != 0)
		code = fault_refusal(&why, o->lang);
	json_decref(text);
	return code;
}

static int
check_identity(const hy_options *o)
{
	const char *const pairs[][2] = {
		{ "as", o->as },         { "name", o->name },
		{ "secret", o->secret }, { "code", o->code },
		{ "region", o->region }, { "lang", o->lang },
	};
	int code = HY_OK;

	if (!o->as)
		return wrong("as", "Say as what to come: visitor, kiosk or "
				   "staff.");
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs && !code; i++)
		code = check_hello(o, pairs[i][0], pairs[i][1]);
	if (code == HY_OK && strcmp(o->as, "visitor") != 0 &&
	    (!o->name || !o->secret))
		code = wrong(o->name ? "secret" : "name",
			     "A kiosk or staff member needs a name and a "
			     "secret.");
	if (code == HY_OK && o->agent && strlen(o->agent) > 40)
		code = wrong("agent", "At most 40 bytes.");
	return code;
}

static int
check_urls(const hy_options *o)
{
	struct address a;
	unsigned n = 0;
	int found = 0;

	while (o->url && (found = address_read(o->url, n, &a)) == 1)
		n++;
	if (found < 0)
		return wrong("url", "Give wss://host:port/path; ws:// only to "
				    "this machine.");
	return n > 0 ? HY_OK : wrong("url", "Say where the server is.");
}

/* What becomes a number of hello has to be one that it takes. */
static int
check_keepalive(const hy_options *o)
{
	const struct field *row = check_row(act_row(ACT_hello), "keepalive");

	must(row != NULL);
	if (o->keepalive_s == 0 ||
	    (o->keepalive_s >= row->min && o->keepalive_s <= row->max))
		return HY_OK;
	return wrong("keepalive_s", "Seconds from 1 to 86400, or 0.");
}

/* The option, or what the environment says; "" is none. */
static int
find_proxy(struct options *own)
{
	const char *url = own->given.proxy;

	if (!url)
		url = secure_getenv("HUIYIN_PROXY");
	own->proxied = url && *url;
	if (own->proxied && !proxy_read(url, &own->proxy))
		return wrong("proxy", "Give http://user:password@host:port, "
				      "or host:port.");
	return HY_OK;
}

static int
check_ca(const char *ca)
{
	return !ca || handshake_reads_ca(ca) ?
		       HY_OK :
		       fault(HY_ERR_CA, NULL, "ca", NULL);
}

static int
take_seal(struct options *own)
{
	if (!own->given.seal_key)
		return HY_OK;
	own->seals = seal_key_read(&own->seal, own->given.seal_key);
	return own->seals ? HY_OK :
			    wrong("seal_key", "Give the county's public key, "
					      "64 hex digits.");
}

/* Owned copies of all strings. */
static int
copy_strings(hy_options *o)
{
	bool whole = true;

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		const char **text = string_at(o, i);

		if (*text && !(*text = strdup(*text)))
			whole = false;
	}
	return whole ? HY_OK : fault(HY_ERR_MEMORY, NULL, NULL, NULL);
}

static void
fill_in(hy_options *o)
{
	if (o->outbox_bytes == 0)
		o->outbox_bytes = 64u << 20;
	if (o->connect_ms <= 0)
		o->connect_ms = 20000;
	if (o->receipt_ms == 0)
		o->receipt_ms = 1000;
}

int
options_copy(struct options *own, const hy_options *given)
{
	hy_options *o = &own->given;
	int code = HY_OK;

	*own = (struct options){ 0 };
	if (!given || given->size < sizeof given->size + sizeof given->url)
		return wrong("size", "Begin with HY_OPTIONS_INIT.");
	memcpy(o, given, given->size < sizeof *o ? given->size : sizeof *o);
	code = copy_strings(o);
	if (code != HY_OK)
		return code;
	fill_in(o);
	code = check_identity(o);
	if (code == HY_OK)
		code = check_urls(o);
	if (code == HY_OK)
		code = take_seal(own);
	if (code == HY_OK)
		code = find_proxy(own);
	if (code == HY_OK)
		code = check_keepalive(o);
	return code == HY_OK ? check_ca(o->ca) : code;
}

void
options_fini(struct options *own)
{
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		char *text = (char *)(uintptr_t)*string_at(&own->given, i);

		if (text && (strings[i] == offsetof(hy_options, secret) ||
			     strings[i] == offsetof(hy_options, proxy)))
			explicit_bzero(text, strlen(text));
		free(text);
	}
	explicit_bzero(own, sizeof *own);
}

void
options_log(const struct options *own, int level, const char *format, ...)
{
	char line[400];
	va_list args;

	if (!own->given.log)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	own->given.log(own->given.log_context, level, line);
}
