/* SPDX-License-Identifier: Apache-2.0 */
/* logins: passwords being checked, two at a time in the thread pool. */
#include "logins.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uv.h>

#include "secret.h"

#define AT_ONCE 2
#define QUEUE_MAX 64

struct login {
	STAILQ_ENTRY(login) next;
	uv_work_t work;
	struct logins *logins;
	char *hash;     /* owned; NULL: nobody */
	char *password; /* owned; wiped */
	enum login_verdict verdict;
	void (*checked)(void *context, enum login_verdict verdict);
	void *context;
};

struct logins {
	STAILQ_HEAD(, login) queue;
	int queued, running;
};

static void login_next(struct logins *l);

struct logins *
logins_new(void)
{
	struct logins *l = calloc(1, sizeof *l);

	if (l)
		STAILQ_INIT(&l->queue);
	return l;
}

static void
login_free(struct login *login)
{
	if (login->password)
		sodium_memzero(login->password, strlen(login->password));
	free(login->password);
	free(login->hash);
	free(login);
}

bool
logins_are_idle(const struct logins *l)
{
	return l->running == 0 && STAILQ_EMPTY(&l->queue);
}

void
logins_free(struct logins *l)
{
	must(!l || logins_are_idle(l));
	free(l);
}

/* In a thread of the pool: owns its data, touches nothing else. */
static void
check(uv_work_t *work)
{
	struct login *login = work->data;

	if (secret_password_fits(login->hash, login->password))
		login->verdict = LOGIN_FITS;
	else
		login->verdict = errno == ENOMEM ? LOGIN_UNKNOWN : LOGIN_WRONG;
}

static void
check_done(uv_work_t *work, int status)
{
	struct login *login = work->data;
	struct logins *l = login->logins;

	l->running--;
	login->checked(login->context,
		       status == 0 ? login->verdict : LOGIN_UNKNOWN);
	login_free(login);
	login_next(l);
}

static void
login_next(struct logins *l)
{
	struct login *login = STAILQ_FIRST(&l->queue);

	if (!login || l->running >= AT_ONCE)
		return;
	STAILQ_REMOVE_HEAD(&l->queue, next);
	l->queued--;
	l->running++;
	login->work.data = login;
	must(uv_queue_work(uv_default_loop(), &login->work, check,
			   check_done) == 0);
}

bool
logins_check(struct logins *l, const char *hash, const char *password,
	     void (*checked)(void *context, enum login_verdict verdict),
	     void *context)
{
	struct login *login;

	if (l->queued >= QUEUE_MAX)
		return false;
	login = calloc(1, sizeof *login);
	if (!login)
		return false;
	login->logins = l;
	login->checked = checked;
	login->context = context;
	login->password = strdup(password);
	login->hash = hash ? strdup(hash) : NULL;
	if (!login->password || (hash && !login->hash)) {
		login_free(login);
		return false;
	}
	STAILQ_INSERT_TAIL(&l->queue, login, next);
	l->queued++;
	login_next(l);
	return true;
}
