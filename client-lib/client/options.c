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
#include "text.h"

/* Every string of hy_options. */
static const size_t strings[] = {
	offsetof(hy_options, url),      offsetof(hy_options, ca),
	offsetof(hy_options, as),       offsetof(hy_options, name),
	offsetof(hy_options, secret),   offsetof(hy_options, code),
	offsetof(hy_options, region),   offsetof(hy_options, lang),
	offsetof(hy_options, agent),    offsetof(hy_options, store),
	offsetof(hy_options, seal_key), offsetof(hy_options, proxy),
};

bool
options_size_is_good(size_t size, size_t align)
{
	return size >= sizeof size && size % align == 0;
}

static const char **
string_at(hy_options *o, size_t i)
{
	return (const char **)((char *)o + strings[i]);
}

static int
wrong(const hy_options *o, const char *path, const char *en, const char *zh)
{
	return fault(HY_ERR_INPUT, "bad_value", path,
		     lang_is_chinese(o->lang) ? zh : en);
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
		return wrong(o, path, "This is not UTF-8 text.",
			     "文本不是有效的 UTF-8。");
	if (check_value(row, text, path, &why) != 0)
		code = fault_refusal(&why, o->lang);
	json_decref(text);
	return code;
}

static bool
is_one_line(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return false;
	return text_is_good(text);
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
		return wrong(o, "as",
			     "Say as what to come: visitor, kiosk or staff.",
			     "请说明身份:visitor、kiosk 或 staff。");
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs && !code; i++)
		code = check_hello(o, pairs[i][0], pairs[i][1]);
	if (code != HY_OK)
		return code;
	if (strcmp(o->as, "visitor") != 0 && (!o->name || !o->secret))
		return wrong(o, o->name ? "secret" : "name",
			     "A kiosk or staff member needs a name and a "
			     "secret.",
			     "自助终端和工作人员须有名称和密钥。");
	if (strcmp(o->as, "visitor") != 0 && o->region)
		return wrong(
			o, "region",
			"Only a visitor says a region: the server knows "
			"that of others.",
			"只有访客需要填写区划,其他身份的区划由服务器掌握。");
	return HY_OK;
}

/* Nothing that the table of acts knows of. */
static int
check_manners(const hy_options *o)
{
	if (o->lang && strncmp(o->lang, "zh", 2) != 0 &&
	    strncmp(o->lang, "en", 2) != 0)
		return wrong(o, "lang", "Give zh-CN or en.",
			     "请填写 zh-CN 或 en。");
	if (o->agent && (strlen(o->agent) > 40 || !is_one_line(o->agent)))
		return wrong(o, "agent", "One line of at most 40 bytes.",
			     "只能有一行,最多 40 字节。");
	if (o->connect_ms < 0)
		return wrong(o, "connect_ms", "Milliseconds, or 0.",
			     "请填写毫秒数,或填 0。");
	if (o->start_within_ms < -1 || o->receipt_ms < -1)
		return wrong(o,
			     o->receipt_ms < -1 ? "receipt_ms" :
						  "start_within_ms",
			     "Milliseconds, 0, or -1 for at once.",
			     "请填写毫秒数,或填 0;立即为 -1。");
	if (o->flags & ~(unsigned)(HY_NO_DELIVERED | HY_ALL_IN_FORCE))
		return wrong(o, "flags", "There is no such flag.",
			     "没有这种标志。");
	return HY_OK;
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
		return wrong(
			o, "url",
			"Give wss://host:port/path; ws:// only to this "
			"machine.",
			"请填写 wss://主机:端口/路径;ws:// 只能用于本机。");
	return n > 0 ? HY_OK :
		       wrong(o, "url", "Say where the server is.",
			     "请填写服务器地址。");
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
	return wrong(o, "keepalive_s", "Seconds from 1 to 86400, or 0.",
		     "请填写 1 至 86400 秒,或填 0。");
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
		return wrong(
			&own->given, "proxy",
			"Give http://user:password@host:port, or "
			"host:port.",
			"请填写 http://用户:密码@主机:端口,或 主机:端口。");
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
			    wrong(&own->given, "seal_key",
				  "Give the county's public key, 64 hex "
				  "digits.",
				  "请填写本县公钥,64 位十六进制数字。");
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
	if (!given || given->size < sizeof given->size + sizeof given->url ||
	    !options_size_is_good(given->size, _Alignof(hy_options)))
		return fault(HY_ERR_INPUT, "bad_value", "size",
			     "Begin with HY_OPTIONS_INIT.");
	memcpy(o, given, given->size < sizeof *o ? given->size : sizeof *o);
	code = copy_strings(o);
	if (code != HY_OK)
		return code;
	code = check_identity(o);
	if (code == HY_OK)
		code = check_manners(o);
	fill_in(o);
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
