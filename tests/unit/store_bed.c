/* SPDX-License-Identifier: Apache-2.0 */
/* store_bed: a store on a loop, with a database whose api is tiny. */
#include "store_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loop_until.h"

/*
 * settled: what was done, by ref. calls: how many items each call had; it is
 * kept only when the call is. mood: what the next calls are to do.
 */
static const char tables[] =
	"create schema api;"
	"create table settled (ref uuid primary key, item jsonb);"
	"create table calls (size int, sorted boolean);"
	"create table mood (warn int, again int, slow float);"
	"create table hints (feed text);"
	"insert into mood values (0, 0, 0);"
	"create sequence tries;";

/* raise serialization_failure again times: tries is not rolled back. */
static const char submit[] =
	"create function api.feedback_submit(batch jsonb)"
	" returns table (n int, result jsonb, refused jsonb)"
	" language plpgsql as $$"
	" declare m mood; i jsonb; begin"
	" select * into m from mood;"
	" if m.slow > 0 then perform pg_sleep(m.slow); end if;"
	" if nextval('tries') <= m.again then raise exception"
	"  using errcode = '40001', message = 'again'; end if;"
	" insert into calls select count(*), array_agg(r order by o) ="
	"  array_agg(r order by r) from jsonb_array_elements(batch)"
	"  with ordinality as e(v, o), lateral (select v->>'ref' as r) as s;"
	" for i in select e from jsonb_array_elements(batch) as e loop"
	"  n := (i->>'n')::int; result := null; refused := null;"
	"  case i->'params'->>'text'"
	"  when 'poison' then perform 1 / 0;"
	"  when 'raise' then raise exception using errcode = 'YN001',"
	"   message = 'unknown_region', detail = 'region';"
	"  when 'refuse' then refused :="
	"   '{\"tag\":\"rate_limited\",\"path\":\"a.b\",\"after\":7}';"
	"  when 'strange' then refused := '{\"tag\":\"strange\"}';"
	"  when 'silent' then continue;"
	"  else"
	"   insert into settled values ((i->>'ref')::uuid, i)"
	"    on conflict do nothing;"
	"   select s.item - 'n' into result from settled s"
	"    where s.ref = (i->>'ref')::uuid;"
	"  end case;"
	"  return next;"
	" end loop;"
	" if m.warn > 0 then update mood set warn = warn - 1;"
	"  raise warning 'not replicated'; end if;"
	" end $$;";

static const char others[] =
	"create function api.hello(batch jsonb)"
	" returns table (n int, result jsonb, refused jsonb)"
	" language plpgsql as $$ begin"
	" insert into calls values (jsonb_array_length(batch), true);"
	" return query select (e->>'n')::int, e - 'n', null::jsonb"
	"  from jsonb_array_elements(batch) as e; end $$;"
	"create function api.feedback_list(who jsonb, params jsonb)"
	" returns jsonb language plpgsql as $$ begin"
	" case params->>'state' when 'fail' then perform 1 / 0;"
	" when 'refuse' then raise exception using errcode = 'YN001',"
	"  message = 'rate_limited', detail = 'state', hint = '9';"
	" when 'slow' then perform pg_sleep(60); else end case;"
	" return jsonb_build_object('who', who, 'params', params); end $$;"
	"create function api.notice_reach(who jsonb, params jsonb)"
	" returns jsonb language sql return jsonb_build_object('reach', who);"
	"create function api.station_list(who jsonb, params jsonb)"
	" returns jsonb language sql as"
	" 'select to_jsonb(pg_sleep(60)::text)';"
	"create function api.node_alive(who jsonb, params jsonb)"
	" returns jsonb language sql return jsonb_build_array(who, params);"
	"create function api.wake(who jsonb, params jsonb) returns jsonb"
	" language plpgsql as $$ begin"
	" perform pg_notify('huiyin_' || (params->>'feed'), '');"
	" insert into hints values (params->>'feed');"
	" return '{}'; end $$;";

void
bed_make_api(struct pg *pg)
{
	pg_run(pg, tables);
	pg_run(pg, submit);
	pg_run(pg, others);
}

void
bed_forget(struct pg *pg)
{
	pg_run(pg, "truncate settled, calls, hints;"
		   " update mood set warn = 0, again = 0, slow = 0;"
		   " alter sequence tries restart");
}

/* --- what the store says --------------------------------------------------- */

static void
on_up(void *context, bool is_up)
{
	struct bed *bed = context;

	assert_int_not_equal(bed->up, is_up);
	bed->up = is_up;
	bed->ups += is_up;
	bed->downs += !is_up;
}

static void
on_woken(void *context, const char *feed)
{
	struct bed *bed = context;

	bed->woken[0] += strcmp(feed, "notice") == 0;
	bed->woken[1] += strcmp(feed, "feedback") == 0;
	bed->woken[2] += strcmp(feed, "identity") == 0;
}

static void
on_roomy(void *context)
{
	((struct bed *)context)->roomies++;
}

static void
on_closed(void *context)
{
	((struct bed *)context)->closed = true;
}

void
bed_open_with(struct bed *bed, const struct store_settings *settings)
{
	const struct store_calls calls = { on_up, on_woken, on_roomy, bed };

	memset(bed, 0, sizeof *bed);
	assert_int_equal(uv_loop_init(&bed->loop), 0);
	bed->store = store_open(&bed->loop, settings, &calls);
	assert_non_null(bed->store);
}

void
bed_open(struct bed *bed, struct pg *pg, int queue)
{
	const struct store_settings settings = { .conninfo = pg_conninfo(pg),
						 .name = "node",
						 .queue = queue,
						 .timeout_seconds = 5 };

	bed_open_with(bed, &settings);
}

void
bed_up(struct bed *bed, struct pg *pg)
{
	bed_open(bed, pg, 100000);
	if (!loop_until_set(&bed->loop, &bed->up, SOON))
		fail_msg("not up: %s", store_trouble(bed->store));
}

void
bed_close(struct bed *bed)
{
	store_close(bed->store, on_closed, bed);
	assert_true(loop_until_set(&bed->loop, &bed->closed, SOON));
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bed->loop), 0);
}

/* --- acts ------------------------------------------------------------------ */

/* 7919 has an inverse modulo 2^32: different numbers, different refs. */
void
bed_ref(char ref[37], unsigned number)
{
	snprintf(ref, 37, "%08x-0000-7000-8000-%012u", number * 7919u * 40503u,
		 number);
}

void
bed_answered(void *context, const char *result, const struct refusal *why)
{
	struct told *told = context;

	assert_int_equal(told->times, 0);
	told->times++;
	told->why = *why;
	assert_int_equal(result != NULL, why->id == REFUSAL_none);
	snprintf(told->result, sizeof told->result, "%s", result ? result : "");
}

void
bed_submit(struct bed *bed, unsigned number, const char *text,
	   struct told *told)
{
	const struct store_who who = { .principal = 42,
				       .session = "s\"1",
				       .lang = "zh-CN" };
	char ref[37], params[128];

	memset(told, 0, sizeof *told);
	bed_ref(ref, number);
	snprintf(params, sizeof params, "{\"text\":\"%s\"}", text);
	store_settle(bed->store, act_find("feedback.submit"), ref, &who, params,
		     bed_answered, told);
	assert_int_equal(told->times, 0);
}

struct all {
	const struct told *told;
	unsigned count, done; /* the first done have been told */
};

static bool
all_told(void *context)
{
	struct all *all = context;

	while (all->done < all->count && all->told[all->done].times > 0)
		all->done++;
	return all->done == all->count;
}

void
bed_told(struct bed *bed, const struct told *told, unsigned count)
{
	struct all all = { told, count, 0 };

	if (!loop_until(&bed->loop, all_told, &all, 2 * SOON))
		fail_msg("%u of %u were told; store: %s", all.done, count,
			 store_trouble(bed->store));
}

struct said {
	struct pg *pg;
	const char *sql;
	long least;
};

static bool
has_said(void *context)
{
	const struct said *s = context;

	return pg_number(s->pg, s->sql) >= s->least;
}

void
bed_database_says(struct bed *bed, struct pg *pg, const char *sql, long least)
{
	struct said said = { pg, sql, least };

	assert_true(loop_until(&bed->loop, has_said, &said, SOON));
}

struct count {
	const int *is;
	int wanted;
};

static bool
has_come_to(void *context)
{
	const struct count *c = context;

	return *c->is >= c->wanted;
}

void
bed_counted(struct bed *bed, const int *is, int wanted)
{
	struct count c = { is, wanted };

	assert_true(loop_until(&bed->loop, has_come_to, &c, SOON));
}
