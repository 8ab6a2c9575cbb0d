-- SPDX-License-Identifier: Apache-2.0
-- Receipts and reach: states only move forward, and n is never above N.

begin;
\ir world.psql
select * from no_plan();

create temp table n as
select t.act('notice_publish', 1, 'clerk', t.content('{422802101000}'))->>'notice' as b,
	t.act('notice_publish', 2, 'clerk', t.content('{422802000000}'))->>'notice' as all_,
	t.act('notice_publish', 3, 'clerk', t.content('{422802000000}')
		|| '{"audience": {"regions": ["422802000000"], "roles": ["clerk"]}}')->>'notice' as clerks,
	t.act('notice_draft', 4, 'clerk', t.content('{422802000000}'))->>'notice' as draft;

create function t.receipt(who text, params jsonb) returns jsonb language sql as $$
	select coalesce(r.result, jsonb_build_object('refused',
		concat_ws(' ', r.refused->>'tag', r.refused->>'path')))
	from api.notice_receipt(jsonb_build_array(jsonb_build_object(
		'n', 7, 'who', t.who(who), 'params', params))) as r
$$;
create function t.one(notice text, state text, at text default '2026-11-23T10:00:00+08:00') returns jsonb
language sql immutable as $$
	select jsonb_build_object('notice', notice, 'state', state, 'at', at)
$$;
create function t.counts(notice text, who text default 'clerk') returns text language sql as $$
	select concat_ws(' ', r->>'addressed', r->>'delivered', r->>'shown', r->>'read',
		r->>'understood', r->>'misunderstood')
	from t.ask('notice_reach', who, jsonb_build_object('notice', notice)) as r
$$;
create function t.towns(notice text) returns text language sql as $$
	select string_agg(concat_ws(' ', b->>'name', b->>'delivered' || '/' || (b->>'addressed')), ', ' order by b->>'region')
	from jsonb_array_elements(t.ask('notice_reach', 'clerk', jsonb_build_object('notice', notice))->'by') as b
$$;

-- the denominator
select is(t.counts(b), '2 0 0 0 0 0', 'a notice to a township addresses its kiosks') from n;
select is(t.counts(all_), '3 0 0 0 0 0', 'a notice to the county addresses all') from n;
select is(t.counts(clerks), '0 0 0 0 0 0', 'a notice to clerks addresses no kiosk') from n;
select is(t.towns(all_), '谋道镇 0/1, 柏杨坝镇 0/2', 'by township') from n;
select is(t.towns(b), '柏杨坝镇 0/2', 'townships that were not addressed are left out') from n;
select is(t.counts(draft), '', 'a draft has no reach') from n;
select is(t.ask('notice_reach', 'clerk', '{"notice": "N-0"}'), '{"refused": "not_found notice"}', 'an unknown notice has none');
select is(t.ask('notice_reach', who, '{"notice": "N-0"}'), '{"refused": "not_allowed"}', 'reach is not for ' || coalesce(who, 'visitors'))
from unnest(array['ka', null]) as who;
select is(t.counts(b, who), '2 0 0 0 0 0', 'reach is for ' || who)
from n, unnest(array['approver', 'town', 'coordinator', 'auditor', 'admin', 'keeper', 'relay']) as who;

-- states
select is(t.receipt('ka', t.one(b, 'delivered')), '{}', 'a kiosk says delivered') from n;
select is(t.counts(b), '2 1 0 0 0 0', 'delivered is counted') from n;
select t.receipt('ka', t.one(b, 'delivered')) from n \g /dev/null
select is(t.counts(b), '2 1 0 0 0 0', 'never twice') from n;
select t.receipt('ka', t.one(b, 'read')) from n \g /dev/null
select is(t.counts(b), '2 1 1 1 0 0', 'a later state counts as the earlier ones') from n;
select t.receipt('ka', t.one(b, 'shown')) from n \g /dev/null
select is(t.counts(b), '2 1 1 1 0 0', 'never backwards') from n;
select t.receipt('ka', t.one(b, 'misunderstood')) from n \g /dev/null
select is(t.counts(b), '2 1 1 1 0 1', 'misunderstood is a reply') from n;
select t.receipt('ka', t.one(b, 'understood')) from n \g /dev/null
select is(t.counts(b), '2 1 1 1 0 1', 'the first reply stays') from n;
select t.receipt('kb', t.one(b, 'understood')) from n \g /dev/null
select is(t.counts(b), '2 2 2 2 1 1', 'understood counts as all earlier ones') from n;
select is(t.towns(b), '柏杨坝镇 2/2', 'in its township') from n;
select is((select r.read_said from huiyin.notice_receipt r join huiyin.notice x on x.id = r.notice
	join n on n.b = x.notice where r.kiosk = t.id('ka')), '2026-11-23 02:00+00', 'the kiosk''s clock is recorded');
select is((select r.read_at from huiyin.notice_receipt r join huiyin.notice x on x.id = r.notice
	join n on n.b = x.notice where r.kiosk = t.id('ka')), now(), 'beside ours');
select is(t.receipt('km', t.one(all_, 'read', '1970-01-01T00:00:00Z')), '{}', 'a wrong clock is not judged') from n;

-- many in one act, and in one batch
select is(t.receipt('ka', jsonb_build_object('items', jsonb_build_array(
		t.one(all_, 'shown'), t.one(all_, 'understood'), t.one(all_, 'misunderstood'), t.one(b, 'delivered')))),
	'{}', 'many receipts may come in one act') from n;
select is(t.counts(all_), '3 2 2 2 1 0', 'of several replies in one act the first stays') from n;
select is(array(select concat_ws(' ', r.n, r.refused->>'tag') from n,
	api.notice_receipt(jsonb_build_array(
		jsonb_build_object('n', 0, 'who', t.who('kb'), 'params', t.one(all_, 'delivered')),
		jsonb_build_object('n', 1, 'who', t.who('kb'), 'params', t.one('N-0', 'delivered')),
		jsonb_build_object('n', 2, 'who', t.who('kb'), 'params', t.one(all_, 'misunderstood')))) as r order by r.n),
	'{0,"1 not_found",2}', 'a bad act in a batch leaves the others good');
select is(t.counts(all_), '3 3 3 3 1 1', 'and they are counted') from n;

-- refusals
select is(t.receipt('ka', t.one('N-0', 'read')), '{"refused": "not_found notice"}', 'an unknown notice is not found');
select is(t.receipt('ka', t.one(draft, 'read')), '{"refused": "not_found notice"}', 'nor is a draft') from n;
select is(t.receipt('km', t.one(b, 'read')), '{"refused": "not_found notice"}', 'nor is a notice to another township') from n;
select is(t.receipt('ka', t.one(clerks, 'read')), '{"refused": "not_found notice"}', 'nor is a notice to other roles') from n;
select is(t.receipt('km', jsonb_build_object('items', jsonb_build_array(t.one(all_, 'understood'), t.one(b, 'read')))),
	'{"refused": "not_found items[1].notice"}', 'the bad one of many is named by its place') from n;
select is(t.counts(all_), '3 3 3 3 1 1', 'and none of that act is counted') from n;
select is(t.receipt(who, t.one(b, 'read')), '{"refused": "not_allowed"}', who || ' sends no receipts')
from n, unnest(array['clerk', 'keeper', 'nobody']) as who;
select admin.kiosk_disable('{"name": "kb"}') \g /dev/null
select is(t.receipt('kb', t.one(all_, 'read')), '{"refused": "disabled"}', 'a disabled kiosk sends none') from n;

-- who is counted: as they stood when it was published
select t.act('notice_publish', 5, 'clerk', t.content('{422802101000}'))->>'notice' as later \gset
select is(t.counts(:'later'), '1 0 0 0 0 0', 'a disabled kiosk is not addressed');
select is(t.counts(b), '2 2 2 2 1 1', 'a frozen denominator does not move') from n;
select admin.kiosk_enable('{"name": "kb"}') \g /dev/null
select is(t.receipt('kb', t.one(:'later', 'read')), '{}', 'a kiosk that joined later may say it has read');
select is(t.counts(:'later'), '1 0 0 0 0 0', 'but does not count');
select admin.kiosk_add('{"station": "a", "name": "kc"}') \g /dev/null
select is(t.receipt('kc', t.one(b, 'read')), '{}', 'so may a kiosk that is new') from n;
select is(t.counts(b), '2 2 2 2 1 1', 'which does not count either') from n;
select t.act('notice_publish', 6, 'clerk', t.content('{422802101000}'))->>'notice' as more \gset
select is(t.counts(:'more'), '2 0 0 0 0 0', 'a kiosk that was not enrolled is not addressed');
select admin.kiosk_enrol('{"name": "kc", "secret_hash": "00"}') \g /dev/null
select admin.kiosk_move('{"name": "ka", "station": "m"}') \g /dev/null
select t.receipt('ka', t.one(:'more', 'read')) \g /dev/null
select is(t.counts(:'more'), '2 1 1 1 0 0', 'a kiosk that moved away still counts for what it was addressed by');
select is(t.towns(:'more'), '柏杨坝镇 1/2', 'in the township where it stood');
select t.act('notice_publish', 7, 'clerk', t.content('{422802101000}'))->>'notice' as last \gset
select is(t.towns(:'last'), '柏杨坝镇 0/2', 'then it is addressed no longer: those left are the enabled and the enrolled');
select is(t.receipt('ka', t.one(:'last', 'read')), '{"refused": "not_found notice"}', 'and finds it no longer');
select admin.kiosk_disable('{"name": "kb"}'), admin.kiosk_disable('{"name": "kb"}') \g /dev/null
select admin.station_disable('{"station": "a"}') \g /dev/null
select t.act('notice_publish', 8, 'clerk', t.content('{422802000000}'))->>'notice' as end \gset
select is(t.towns(:'end'), '谋道镇 0/2', 'kiosks of a disabled station are not addressed');

select is((select count(*) from report.notice_reach r where r.notice = :'more' and r.read = 1 and r.addressed = 2),
	1::bigint, 'the report shows the same');
select is(array(select b.problem from (select r.delivered > r.addressed as problem from report.notice_reach r) as b where b.problem),
	'{}', 'nowhere came more than were addressed');
select is((select count(*) from huiyin.act a where a.act = 'notice.receipt'), 0::bigint, 'receipts use up no refs');

select * from finish();
rollback;
