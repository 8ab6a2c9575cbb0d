/* SPDX-License-Identifier: Apache-2.0 */
/* conf: the layers over one another: standard, file, environment, flags. */
#include "conf.h"

#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "setting.h"
#include "text.h"
#include "yaml_file.h"

#define SECRET_FILE_MOST 4096 /* bytes */

enum {
	FLAG_CONFIG = 'c',
	FLAG_HELP = '?',
	FLAG_VERSION = 'V',
	FLAG_CHECK = 256,
	FLAG_PRINT,
	FLAG_SETTING = 1000,    /* and the index of the setting */
	FLAG_SECRET_FILE = 2000 /* the same, of the file it stands in */
};

struct flags {
	const char *config;         /* NULL: not said */
	const char *text[SETTINGS]; /* NULL: not said */
	const char *file[SETTINGS]; /* of secrets; NULL: not said */
	enum conf_wish wish;
};

static error_t
take_flag(int key, char *value, struct argp_state *state)
{
	struct flags *f = state->input;

	switch (key) {
	case FLAG_CONFIG:
		f->config = value;
		return 0;
	case FLAG_CHECK:
		f->wish = CONF_CHECK;
		return 0;
	case FLAG_PRINT:
		f->wish = CONF_PRINT;
		return 0;
	case FLAG_VERSION:
		printf("huiyind %s\n", HUIYIN_VERSION);
		f->wish = CONF_DONE;
		return 0;
	case FLAG_HELP:
		argp_state_help(state, stdout,
				ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG |
					ARGP_HELP_DOC);
		f->wish = CONF_DONE;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\": only flags are expected", value);
		return EINVAL;
	}
	if (key >= FLAG_SECRET_FILE && key < FLAG_SECRET_FILE + SETTINGS)
		f->file[key - FLAG_SECRET_FILE] = value;
	else if (key >= FLAG_SETTING && key < FLAG_SETTING + SETTINGS)
		f->text[key - FLAG_SETTING] = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp_option own_options[] = {
	{ "config", FLAG_CONFIG, "FILE", 0,
	  "Settings as YAML; HUIYIN_CONFIG when absent.", 1 },
	{ "check", FLAG_CHECK, NULL, 0,
	  "Says whether settings and the files they name are good.", 1 },
	{ "print-config", FLAG_PRINT, NULL, 0,
	  "Prints all settings as --config takes them.", 1 },
	{ "help", FLAG_HELP, NULL, 0, "Prints this.", -1 },
	{ "version", FLAG_VERSION, NULL, 0, "Prints the version.", -1 },
};
#define OWN_OPTIONS (sizeof own_options / sizeof *own_options)

struct options {
	struct argp_option list[OWN_OPTIONS + 2 * SETTINGS + 1];
	char names[2 * SETTINGS][64]; /* setting_flag() lends one buffer */
	size_t count;
};

static void
add_option(struct options *o, int i, const char *suffix, int key)
{
	bool number = setting_at[i].kind == SETTING_NUMBER;
	bool file = key == FLAG_SECRET_FILE;
	char *name = o->names[o->count - OWN_OPTIONS];

	text_copy(name, sizeof o->names[0], setting_flag(i, suffix));
	o->list[o->count++] = (struct argp_option){
		.name = name,
		.key = key + i,
		.arg = file   ? "FILE" :
		       number ? "NUMBER" :
				"TEXT",
		.doc = file ? "The same, read from FILE." : setting_at[i].help,
		.group = 2
	};
}

static int
parse_flags(struct flags *f, int argc, char **argv)
{
	struct options o = { .count = OWN_OPTIONS };
	const struct argp argp = {
		.options = o.list,
		.parser = take_flag,
		.doc = "The huiyin node.\vA flag beats the environment "
		       "(HUIYIN_PORT for --port), which beats the file."
	};

	memcpy(o.list, own_options, sizeof own_options);
	for (int i = 0; i < SETTINGS; i++) {
		add_option(&o, i, "", FLAG_SETTING);
		if (setting_at[i].kind == SETTING_SECRET)
			add_option(&o, i, "-file", FLAG_SECRET_FILE);
	}
	return argp_parse(&argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_HELP, NULL,
			  f) ?
		       -1 :
		       0;
}

static void
say(const char *where, struct bytes *why)
{
	if (why->failed)
		fprintf(stderr, "huiyind: out of memory\n");
	else
		fprintf(stderr, "huiyind: %s%s%.*s\n", where,
			where[0] ? ": " : "", (int)why->len,
			why->data ? why->data : "");
	bytes_clear(why);
}

/* NULL text is no news. */
static bool
put(struct conf *c, int i, const char *text, const char *where,
    struct bytes *why)
{
	if (!text || setting_put(i, c, text, why))
		return true;
	say(where, why);
	return false;
}

/* What a file holds, without the newline at its end. */
static bool
put_file(struct conf *c, int i, const char *path, const char *where,
	 struct bytes *why)
{
	char text[SECRET_FILE_MOST];
	FILE *file;
	size_t len;

	if (!path)
		return true;
	file = fopen(path, "re");
	if (!file) {
		bytes_format(why, "%s: %s", path, strerror(errno));
		say(where, why);
		return false;
	}
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	text[len] = 0;
	if (!len || strlen(text) < len) {
		bytes_format(why, "%s: no text in it", path);
		say(where, why);
		return false;
	}
	return put(c, i, text, where, why);
}

static bool
put_standard(struct conf *c, struct bytes *why)
{
	bool good = true;

	for (int i = 0; i < SETTINGS; i++)
		good &= put(c, i, setting_at[i].standard, "", why);
	return good;
}

static bool
put_yaml(struct conf *c, const char *path, struct bytes *why)
{
	struct yaml_file f;
	char where[512];
	bool good = true;

	if (!yaml_file_init(&f, path, why)) {
		say("", why);
		return false;
	}
	for (int i = 0; i < SETTINGS; i++) {
		snprintf(where, sizeof where, "%s:%zu:%zu: %s", path,
			 f.values[i].line, f.values[i].column,
			 setting_at[i].key);
		good &= put(c, i, f.values[i].text, where, why);
	}
	yaml_file_fini(&f);
	return good;
}

/* An empty variable says nothing, as elsewhere in Unix. */
static const char *
variable(const char *name)
{
	const char *text = getenv(name);

	return text && text[0] ? text : NULL;
}

static bool
put_environment(struct conf *c, struct bytes *why)
{
	const char *text, *path;
	bool good = true;

	for (int i = 0; i < SETTINGS; i++) {
		text = variable(setting_env(i, ""));
		good &= put(c, i, text, setting_env(i, ""), why);
		if (setting_at[i].kind != SETTING_SECRET)
			continue;
		path = variable(setting_env(i, "_FILE"));
		if (path && text) {
			bytes_format(why, "only one of it and %s is allowed",
				     setting_env(i, ""));
			say(setting_env(i, "_FILE"), why);
			good = false;
			continue;
		}
		good &= put_file(c, i, path, setting_env(i, "_FILE"), why);
	}
	return good;
}

static bool
put_flags(struct conf *c, const struct flags *f, struct bytes *why)
{
	bool good = true;

	for (int i = 0; i < SETTINGS; i++) {
		good &= put(c, i, f->text[i], setting_flag(i, ""), why);
		good &= put_file(c, i, f->file[i], setting_flag(i, "-file"),
				 why);
	}
	return good;
}

static bool
nothing_missing(const struct conf *c, struct bytes *why)
{
	bool good = true;

	for (int i = 0; i < SETTINGS; i++) {
		if (!setting_is_needed(i) || setting_text(i, c))
			continue;
		bytes_format(why,
			     "missing; say it in the file of --config, by "
			     "--%s or ",
			     setting_flag(i, ""));
		bytes_text(why, setting_env(i, ""));
		say(setting_at[i].key, why);
		good = false;
	}
	if (c->mtls_port && !c->client_ca) {
		bytes_text(why, "missing; mtls_port needs it");
		say("client_ca", why);
		good = false;
	}
	return good;
}

static bool
is_address(const char *host)
{
	unsigned char at[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, at) == 1 ||
	       inet_pton(AF_INET6, host, at) == 1;
}

static bool
is_everywhere(const char *host)
{
	return text_in_list("0.0.0.0|::", host);
}

static bool
good_host(const char *key, const char *host, struct bytes *why)
{
	if (host && is_address(host))
		return true;
	bytes_format(why, "\"%.100s\" is not an IP address", host ? host : "");
	say(key, why);
	return false;
}

/* Two listeners at one place; one that is inherited is nobody's business. */
static bool
listeners_differ(const struct conf *c, struct bytes *why)
{
	bool near = strcmp(c->host, c->admin_host) == 0 ||
		    is_everywhere(c->host) || is_everywhere(c->admin_host);
	const char *twice = NULL;

	if (c->mtls_port && c->mtls_port == c->port && c->listen_fd < 0)
		twice = "mtls_port";
	else if (near && c->admin_port &&
		 ((c->admin_port == c->port && c->listen_fd < 0) ||
		  c->admin_port == c->mtls_port))
		twice = "admin_port";
	if (!twice)
		return true;
	bytes_text(why, "another listener of this node has that port");
	say(twice, why);
	return false;
}

static bool
good_listeners(const struct conf *c, struct bytes *why)
{
	bool good = good_host("host", c->host, why);

	good &= good_host("admin_host", c->admin_host, why);
	return good && listeners_differ(c, why);
}

static bool
put_layers(struct conf *c, const struct flags *f, struct bytes *why)
{
	const char *path = f->config ? f->config : variable("HUIYIN_CONFIG");
	bool good = put_standard(c, why);

	if (path)
		good &= put_yaml(c, path, why);
	good &= put_environment(c, why);
	good &= put_flags(c, f, why);
	if (good && f->wish != CONF_PRINT)
		good = nothing_missing(c, why) && good_listeners(c, why);
	return good;
}

int
conf_read(struct conf *c, int argc, char **argv, enum conf_wish *wish)
{
	struct flags f = { .wish = CONF_RUN };
	struct bytes why;
	bool good;

	memset(c, 0, sizeof *c);
	if (parse_flags(&f, argc, argv))
		return 2;
	*wish = f.wish;
	if (f.wish == CONF_DONE)
		return 0;
	bytes_init(&why);
	good = put_layers(c, &f, &why);
	bytes_fini(&why);
	if (good)
		return 0;
	conf_fini(c);
	return 2;
}

static void
print_text(const char *text, FILE *to)
{
	struct bytes quoted;

	bytes_init(&quoted);
	bytes_json(&quoted, text);
	fputs(quoted.failed ? "\"out of memory\"" : quoted.data, to);
	bytes_fini(&quoted);
}

/* A JSON string is a YAML string as well. */
void
conf_print(const struct conf *c, FILE *to)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting *s = &setting_at[i];
		const char *text = setting_text(i, c);

		fprintf(to, "# %s", s->help);
		if (s->kind == SETTING_NUMBER)
			fprintf(to, " %d to %d.", s->min, s->max);
		else if (setting_words(i))
			fprintf(to, " One of %s.", setting_words(i));
		fprintf(to, "\n%s: ", s->key);
		if (s->kind == SETTING_SECRET && text)
			fputs("\"(not shown)\"", to);
		else if (s->kind == SETTING_NUMBER)
			fputs(text, to);
		else
			print_text(text ? text : "", to);
		fputc('\n', to);
	}
}

void
conf_fini(struct conf *c)
{
	for (int i = 0; i < SETTINGS; i++)
		setting_clear(i, c);
}
