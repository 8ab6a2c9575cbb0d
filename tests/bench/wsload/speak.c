/* SPDX-License-Identifier: Apache-2.0 */
/* speak: templates and the names of connections. */
#include "speak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load.h"
#include "rpc.h"

#define WORDS 6

/* A message being made. */
struct text {
	char data[PAYLOAD_MAX + 8192];
	size_t len;
	bool full;
};

static char *hello, *publisher_hello, *publication, *up, *receipt;
static char **line; /* of --names */
static int lines;
static char *payload;

static char *
file_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = calloc(1, 65537);
	size_t n = 0;

	if (file && text)
		n = fread(text, 1, 65536, file);
	if (file)
		(void)fclose(file);
	else
		perror(path);
	while (n > 0 && text && text[n - 1] == '\n')
		text[--n] = 0;
	if (n > 0)
		return text;
	free(text);
	return NULL;
}

static bool
names_read(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	line = calloc((size_t)load.options.conns + 1, sizeof(char *));
	if (!file || !line) {
		perror(path);
		return false;
	}
	while (lines < load.options.conns && getline(&text, &room, file) > 0) {
		line[lines] = strdup(text);
		if (!line[lines])
			break;
		lines++;
	}
	free(text);
	(void)fclose(file);
	return lines > 0;
}

/* A template that is optional: true when it was not asked for. */
static bool
template_read(char **to, const char *path)
{
	if (!path)
		return true;
	*to = file_text(path);
	return *to != NULL;
}

bool
speak_init(void)
{
	const struct options *o = &load.options;

	payload = malloc((size_t)o->size + 1);
	return payload && (!o->names || names_read(o->names)) &&
	       template_read(&hello,
			     o->hello[0] == '@' ? o->hello + 1 : NULL) &&
	       template_read(&publisher_hello, o->pub_hello) &&
	       template_read(&publication, o->pub_template) &&
	       template_read(&up, o->up_file) &&
	       template_read(&receipt, o->receipt);
}

/* --- templates ----------------------------------------------------------- */

static void
add(struct text *t, const char *data, size_t len)
{
	if (len >= sizeof t->data - t->len) {
		t->full = true;
		return;
	}
	memcpy(t->data + t->len, data, len);
	t->len += len;
}

/* The word of a line, counted from 1. */
static void
add_word(struct text *t, int index, int word)
{
	const char *at = lines > 0 ? line[index % lines] : "";

	while (--word > 0) {
		at += strcspn(at, " \n");
		at += strspn(at, " ");
	}
	add(t, at, strcspn(at, " \n"));
}

static void
add_time(struct text *t)
{
	static time_t last;
	static char shown[40];
	time_t now = time(NULL);
	struct tm parts;

	if (now != last && gmtime_r(&now, &parts))
		(void)strftime(shown, sizeof shown, "%Y-%m-%dT%H:%M:%S+00:00",
			       &parts);
	last = now;
	add(t, shown, strlen(shown));
}

static void
add_number(struct text *t, unsigned long long value)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu", value);

	add(t, digits, (size_t)n);
}

static void
add_escape(struct text *t, char code, const struct peer *p, const char *notice)
{
	static unsigned long long running;
	char ref[40];

	if (code == 'd') {
		add_number(t, (unsigned long long)p->index);
	} else if (code == 'q') {
		add_number(t, ++running);
	} else if (code == 'r') {
		rpc_ref(ref);
		add(t, ref, strlen(ref));
	} else if (code == 't') {
		add_time(t);
	} else if (code == 's') {
		add(t, payload, (size_t)load.options.size);
	} else if (code == 'i') {
		add(t, notice, strlen(notice));
	} else if (code >= '1' && code < '1' + WORDS) {
		add_word(t, p->index, code - '0');
	} else {
		add(t, &code, 1);
	}
}

/* Sends what a template says; counts it when an answer is due. */
static bool
say(struct peer *p, const char *template, const char *notice)
{
	static struct text t;

	t.len = 0;
	t.full = false;
	while (*template) {
		size_t plain = strcspn(template, "%");

		add(&t, template, plain);
		template += plain;
		if (template[0] == '%' && template[1]) {
			add_escape(&t, template[1], p, notice);
			template += 2;
		}
	}
	return !t.full && frame_send(p, OPCODE_TEXT, t.data, t.len);
}

bool
speak_hello(struct peer *p)
{
	const struct options *o = &load.options;

	if (p->role != SUBSCRIBER) {
		if (broker_is(o->pub))
			return broker_hello(p, o->pub, NULL);
		return !publisher_hello || say(p, publisher_hello, "");
	}
	if (broker_is(o->hello))
		return broker_hello(p, o->hello, o->topic);
	return !hello || say(p, hello, "");
}

bool
speak_publish(uint32_t number)
{
	const struct options *o = &load.options;
	size_t size = (size_t)o->size;

	payload_make(payload, size, number);
	if (broker_is(o->pub))
		return broker_publish(o->pub, payload, size);
	if (!publication)
		return frame_send(&load.publisher, OPCODE_TEXT, payload, size);
	return say(&load.publisher, publication, "");
}

bool
speak_up(struct peer *p)
{
	p->waiting++;
	load.said++;
	return say(p, up ? up : "up %d", "");
}

bool
speak_receipt(struct peer *p, const char *notice)
{
	if (!receipt)
		return true;
	p->waiting++;
	load.said++;
	return say(p, receipt, notice);
}
