/* SPDX-License-Identifier: Apache-2.0 */
/* identity: HUIYIN_* and the flags that go before them. */
#include "identity.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum key {
	KEY_URL = 300,
	KEY_CA,
	KEY_AS,
	KEY_NAME,
	KEY_SECRET_FILE,
	KEY_CODE,
	KEY_LANG,
	KEY_JSON,
	KEY_STORE,
	KEY_SEAL,
	KEY_TIMEOUT,
	KEY_PROXY,
	KEY_KEEPALIVE,
	KEY_BUDGET
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Options of every command:", 50 },
	{ "url", KEY_URL, "URL", 0,
	  "Server, as wss://HOST:PORT/ws (HUIYIN_URL)", 50 },
	{ "ca", KEY_CA, "FILE", 0,
	  "PEM file of the CA that the server is signed by (HUIYIN_CA)", 50 },
	{ "as", KEY_AS, "WHAT", 0,
	  "visitor, kiosk or staff (HUIYIN_AS; visitor)", 50 },
	{ "name", KEY_NAME, "NAME", 0, "Kiosk or login (HUIYIN_NAME)", 50 },
	{ "secret-file", KEY_SECRET_FILE, "FILE", 0,
	  "File with the secret or password (HUIYIN_SECRET_FILE)", 50 },
	{ "code", KEY_CODE, "DIGITS", 0, "Six digits of the second factor",
	  50 },
	{ "lang", KEY_LANG, "LANG", 0,
	  "Language of refusals: zh-CN or en (from LANG)", 50 },
	{ "json", KEY_JSON, NULL, 0, "One JSON object, or a line an item", 50 },
	{ "store", KEY_STORE, "DIR", 0,
	  "Folder of an outbox that survives power cuts; none: in memory", 50 },
	{ "seal-key-file", KEY_SEAL, "FILE", 0,
	  "File with the county's public key: what is personal is sealed to it "
	  "before it is kept (HUIYIN_SEAL_KEY_FILE)",
	  50 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "How long to wait for the server (10)", 50 },
	{ "proxy", KEY_PROXY, "URL", 0,
	  "HTTP proxy, as http://USER:PASSWORD@HOST:PORT (HUIYIN_PROXY)", 50 },
	{ "keepalive", KEY_KEEPALIVE, "SECONDS", 0,
	  "Ask for so long between signs of life (HUIYIN_KEEPALIVE)", 50 },
	{ "budget", KEY_BUDGET, "BYTES", 0,
	  "Bytes a day after which what was missed waits (HUIYIN_BUDGET)", 50 },
	{ 0 }
};

void
talk(const char *format, ...)
{
	va_list args;

	fputs("huiyin: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static double
read_seconds(const char *text, struct argp_state *state)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds > 0 && seconds < 1e7))
		argp_error(state, "--timeout wants seconds, not '%s'", text);
	return seconds;
}

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct identity *who = state->input;

	switch (key) {
	case KEY_URL:
		who->url = arg;
		break;
	case KEY_CA:
		who->ca = arg;
		break;
	case KEY_AS:
		who->as = arg;
		break;
	case KEY_NAME:
		who->name = arg;
		break;
	case KEY_SECRET_FILE:
		who->secret_file = arg;
		break;
	case KEY_CODE:
		who->code = arg;
		break;
	case KEY_LANG:
		who->lang = arg;
		break;
	case KEY_JSON:
		who->json = true;
		break;
	case KEY_STORE:
		who->store = arg;
		break;
	case KEY_SEAL:
		who->seal_file = arg;
		break;
	case KEY_TIMEOUT:
		who->timeout = read_seconds(arg, state);
		break;
	case KEY_PROXY:
		who->proxy = arg;
		break;
	case KEY_KEEPALIVE:
		who->keepalive = arg;
		break;
	case KEY_BUDGET:
		who->budget = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp identity_argp = {
	options, parse, NULL, NULL, NULL, NULL, NULL
};

/* An empty variable is one that is not set. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *
language(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = variable(names[i]);

		if (value)
			return strncmp(value, "zh", 2) == 0 ? "zh-CN" : "en";
	}
	return "en";
}

void
identity_from_environment(struct identity *who)
{
	*who = (struct identity){ 0 };
	who->url = variable("HUIYIN_URL");
	who->ca = variable("HUIYIN_CA");
	who->as = variable("HUIYIN_AS");
	who->name = variable("HUIYIN_NAME");
	who->secret_file = variable("HUIYIN_SECRET_FILE");
	who->seal_file = variable("HUIYIN_SEAL_KEY_FILE");
	who->proxy = variable("HUIYIN_PROXY");
	who->keepalive = variable("HUIYIN_KEEPALIVE");
	who->budget = variable("HUIYIN_BUDGET");
	who->lang = language();
	if (!who->as)
		who->as = "visitor";
}

/* The first line of a file. */
static bool
read_line(const char *file, const char *what, char *to, int room)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;

	if (f)
		line = fgets(to, room, f);
	if (!line)
		talk("%s cannot be read from %s: %s", what, file,
		     f && !ferror(f) ? "it is empty" : strerror(errno));
	else
		line[strcspn(line, "\r\n")] = 0;
	if (f)
		fclose(f);
	return line != NULL;
}

/* What the library refuses stays what it is; what is no number is -1. */
static long long
number_of(const char *text)
{
	char *end;
	long long number = text ? strtoll(text, &end, 10) : 0;

	return text && (end == text || *end) ? -1 : number;
}

static bool
fill_manners(const struct identity *who, hy_options *o)
{
	long long keepalive = number_of(who->keepalive);
	long long budget = number_of(who->budget);

	if (keepalive < 0 || keepalive > INT_MAX) {
		talk("--keepalive wants seconds, not '%s'", who->keepalive);
		return false;
	}
	if (budget < 0) {
		talk("--budget wants bytes, not '%s'", who->budget);
		return false;
	}
	o->proxy = who->proxy;
	o->keepalive_s = (int)keepalive;
	o->budget = (uint64_t)budget;
	if (o->start_within_ms == 0)
		o->start_within_ms = -1; /* a person waits */
	return true;
}

bool
identity_fill(struct identity *who, hy_options *o)
{
	bool visitor = strcmp(who->as, "visitor") == 0;

	if (!who->url) {
		talk("where is the server? Give --url or set HUIYIN_URL");
		return false;
	}
	if (!visitor && (!who->name || !who->secret_file)) {
		talk("%s wants --name and --secret-file, or HUIYIN_NAME and "
		     "HUIYIN_SECRET_FILE",
		     who->as);
		return false;
	}
	if (!visitor && !read_line(who->secret_file, "the secret", who->secret,
				   sizeof who->secret))
		return false;
	if (who->seal_file && !read_line(who->seal_file, "the public key",
					 who->seal, sizeof who->seal))
		return false;
	if (!fill_manners(who, o))
		return false;
	o->url = who->url;
	o->ca = who->ca;
	o->as = who->as;
	o->name = visitor ? NULL : who->name;
	o->secret = visitor ? NULL : who->secret;
	o->code = who->code;
	o->region = who->region;
	o->lang = who->lang;
	o->store = who->store;
	o->seal_key = who->seal_file ? who->seal : NULL;
	o->agent = "huiyin";
	return true;
}
