-- SPDX-License-Identifier: Apache-2.0
-- Whose voice it is: what SQL keeps, shows and lets go.

begin;
\ir world.psql
select * from no_plan();

create function t.file(ref int, more jsonb) returns text language sql as $$
	select t.act('feedback_submit', ref, 'ka', t.said(more))->>'receipt'
$$;
create function t.id_of(receipt text) returns bigint language sql as $$
	select f.id from huiyin.feedback f where f.receipt = $1
$$;
create function t.get(who text, receipt text) returns jsonb language sql as $$
	select t.ask('feedback_get', who, jsonb_build_object('receipt', receipt))
$$;
create function t.close(receipt text, days int) returns void language sql as $$
	insert into huiyin.feedback_history (feedback, step, at, state)
	select f.id, f.steps + 1, now() - make_interval(days => days), 'closed_explained' from huiyin.feedback f where f.receipt = $1;
	update huiyin.feedback f set state = 'closed_explained', steps = f.steps + 1 where f.receipt = $1;
$$;
-- as if it had been filed so many days before
create function t.age(receipt text, days int) returns void language sql as $$
	update huiyin.person_key k set filed_at = k.filed_at - make_interval(days => days), look_at = k.look_at - make_interval(days => days)
	where k.feedback = t.id_of($1);
	update huiyin.feedback f set filed_at = f.filed_at - make_interval(days => days) where f.receipt = $1;
$$;
create function t.has_key(receipt text) returns boolean language sql as $$
	select exists (select from huiyin.person_key k where k.feedback = t.id_of($1))
$$;
select admin.route_set('{"service": "need", "region": "422802000000", "department": "commerce"}') \g /dev/null
select admin.staff_add('{"name": "boss", "department": "commerce", "roles": ["auditor"]}') \g /dev/null

\set record '{"sealed": "0102", "salt": "0304"}'
select t.file(10, jsonb_build_object('submitter', '{"kind": "farmer"}'::jsonb, 'person', :'record'::jsonb || '{"contact": "05"}')) as named \gset
select t.file(11, jsonb_build_object('anonymous', true, 'submitter', '{"kind": "farmer"}'::jsonb,
	'person', :'record'::jsonb || '{"pseudonym": "7f3a21ff"}')) as hidden \gset
select t.file(12, '{"anonymous": true, "submitter": {"kind": "farmer", "name": "王五", "phone": "139"}, "filed_by": {"name": "赵六", "relation": "邻居"}}') as old \gset

select is(t.get('clerk', :'named')->'person', :'record', 'the department gets the record and what its key is made of, for the node to open');
select is(t.get('clerk', :'named')->'submitter', '{"kind": "farmer"}', 'and what kind of person it is');
select is(t.get('clerk', :'hidden') ?| array['person', 'submitter'], false, 'of who is anonymous it gets no record');
select is(t.get('clerk', :'hidden')->>'pseudonym', '匿名-7F3A21', 'but a pseudonym');
select is((select count(*) from huiyin.feedback_person p where p.feedback = t.id_of(:'old')), 0::bigint,
	'an older node''s clear name of somebody anonymous is not kept');
select is((select a.result->>'contact' from huiyin.act a where a.ref = t.ref(12)), 'not_kept', 'and the answer says so');
select is((select a.result ? 'contact' from huiyin.act a where a.ref = t.ref(11)), false, 'a sealed one needs no word');

-- who is told who it is leaves a row, one a day
create function t.reads(receipt text) returns text[] language sql as $$
	select array(
		select concat_ws(' ', a.act, p.name, a.subject = $1, x.kind)
		from huiyin.person_access x
		join huiyin.audit a on a.seq = x.audit
		join huiyin.principal p on p.id = x.principal and p.id = a.principal
		where x.feedback = t.id_of($1)
		order by x.audit)
$$;
select is(t.reads(:'named'), '{person.read clerk t read}', 'that the department was told who it is stands in the chain');
select t.get('clerk', :'named'), t.get('approver', :'named'), t.get('approver', :'named') \g /dev/null
select is(t.reads(:'named'), '{person.read clerk t read,person.read approver t read}', 'once for each who reads it');
update huiyin.person_access x set at = x.at - interval '1 day' where x.principal = t.id('clerk');
select t.get('clerk', :'named') \g /dev/null
select is(array_length(t.reads(:'named'), 1), 3, 'and again on another day');
select is(t.reads(:'hidden'), '{}', 'a pseudonym is nobody''s name');
select t.ask('feedback_get', null, jsonb_build_object('receipt', :'named', 'proved', true)),
	t.get('ka', :'named'), t.get('driver', :'named') \g /dev/null
select is(array_length(t.reads(:'named'), 1), 3, 'who is not told leaves none');
select t.file(13, '{"submitter": {"kind": "farmer", "name": "王五"}}') as clear, t.file(14, '{"submitter": {"kind": "farmer"}}') as nobody \gset
select t.get('auditor', :'clear'), t.get('auditor', :'nobody') \g /dev/null
select is(t.reads(:'clear'), '{person.read auditor t read}', 'an auditor who reads it does, also what an older node left in clear');
select is(t.reads(:'nobody'), '{}', 'where nobody is named nobody was looked at');
update huiyin.feedback_person p set name = null where p.feedback = t.id_of(:'clear');

-- unseal
create function t.unseal(receipt text, who text, reason text default 'because') returns jsonb language sql as $$
	select t.admin('unseal', jsonb_build_object('receipt', receipt, 'auditor', who, 'reason', reason, 'hash', '00ff'))
$$;
select is(t.unseal(r, who, why), jsonb_build_object('refused', refused), 'unseal is refused: ' || refused || ', ' || coalesce(who, 'nobody'))
from (values
	(:'hidden', 'clerk', 'x', 'not_allowed auditor'), (:'hidden', 'nobody', 'x', 'not_found auditor'),
	(:'hidden', null, 'x', 'missing_field auditor'), (:'hidden', 'auditor', ' ', 'missing_field reason'),
	(:'hidden', 'auditor', null, 'missing_field reason'), (:'named', 'auditor', 'x', 'not_found receipt'),
	(:'old', 'auditor', 'x', 'not_found receipt'), ('HY-422802-26-999999', 'auditor', 'x', 'not_found receipt')) as v(r, who, why, refused);
select is((select count(*) from huiyin.person_access x where x.kind <> 'read'), 0::bigint, 'and nothing was opened');
select is(t.unseal(:'hidden', 'auditor')->'person', :'record', 'an auditor gets the record');
select is((select row(a.act, a.subject, a.principal = t.id('auditor'), encode(a.content_hash, 'hex'), x.reason, x.feedback)::text
	from huiyin.audit a join huiyin.person_access x on x.audit = a.seq order by a.seq desc limit 1),
	row('person.unseal', :'hidden', true, '00ff', 'because', t.id_of(:'hidden'))::text, 'which stands in the chain, with the reason');
update huiyin.feedback f set against = (select d.id from huiyin.department d where d.code = 'commerce'),
	lead = (select d.id from huiyin.department d where d.code = 'office') where f.receipt = :'hidden';
select is(t.unseal(:'hidden', 'boss'), '{"refused": "not_found receipt"}', 'an auditor of the department it is against gets nothing');
select is(t.admin('person_' || verb, jsonb_build_object('receipt', :'hidden', 'by', 'boss', 'person', :'record'::jsonb)),
	'{"refused": "not_found receipt"}', 'nor may they ' || verb || ' it') from unnest(array['export', 'correct', 'erase']) as verb;
select is(t.unseal(:'hidden', 'auditor') ? 'person', true, 'one of another does');
update huiyin.feedback f set against = null, lead = (select d.id from huiyin.department d where d.code = 'commerce') where f.receipt = :'hidden';
select admin.staff_disable('{"name": "auditor"}') \g /dev/null
select is(t.unseal(:'hidden', 'auditor'), '{"refused": "disabled auditor"}', 'a disabled one does not');
select admin.staff_enable('{"name": "auditor"}') \g /dev/null

-- export, correct, erase
select is(t.admin('person_ref', jsonb_build_object('receipt', :'named')), jsonb_build_object('ref', t.ref(10)), 'the ref of a receipt, to prove its key by');
select is(jsonb_path_query_array(t.admin('person_export', v.params::jsonb), '$.items[*].receipt'), to_jsonb(v.found), 'by ' || v.say)
from (values (jsonb_build_object('receipt', :'named')::text, array[:'named'], 'receipt'), ('{"contact": "05"}', array[:'named'], 'contact'),
	('{"pseudonym": "7f3a21ff"}', array[:'hidden'], 'pseudonym'), ('{"contact": "05", "pseudonym": "7f3a21ff"}', array[:'named', :'hidden'], 'both'),
	('{"contact": "7f3a21ff", "pseudonym": "05"}', '{}', 'the wrong way round'), ('{}', '{}', 'nothing')) as v(params, found, say);
select is(t.admin('person_export', jsonb_build_object('receipt', :'named', 'by', 'clerk')), '{"refused": "not_allowed by"}', 'a clerk exports nothing');
select is(t.admin('person_export', jsonb_build_object('receipt', :'named', 'by', 'admin', 'opens', true)), '{"refused": "not_allowed by"}', 'what is sealed only an auditor opens');
select is(t.admin('person_record', jsonb_build_object('receipt', :'hidden')), jsonb_build_object('anonymous', true, 'submitter', '{"kind": "farmer"}'::jsonb, 'person', :'record'::jsonb), 'what is there to correct');
select is(t.admin('person_correct', jsonb_build_object('receipt', :'named', 'person', '{"dropped": true}'::jsonb)), '{"refused": "missing_field person"}', 'not by nothing');
select is(t.admin('person_correct', jsonb_build_object('receipt', :'named', 'person', '{"sealed": "0a", "salt": "0b", "contact": "0c"}'::jsonb))->>'corrected', 'true', 'another record');
select is(t.get('clerk', :'named')->'person', '{"sealed": "0a", "salt": "0b"}', 'is what is shown now');
select is((select count(*) from huiyin.person_key k where k.salt = '\x0304' and k.feedback = t.id_of(:'named')), 0::bigint, 'and the old key is gone');
select is(t.admin('person_erase', jsonb_build_object('receipt', :'named')), '{"refused": "wrong_state receipt"}', 'what is open is not erased');
select is(t.admin('person_erase', '{"contact": "0c"}')->'items'->0->>'erased', 'false', 'nor by who it is');
select t.close(:'named', 0) \g /dev/null
select is(t.admin('person_erase', '{"contact": "0c", "words": "keep"}')->'items'->0, jsonb_build_object('receipt', :'named', 'state', 'closed_explained', 'erased', true, 'words', false), 'what is closed is');
select is(t.has_key(:'named'), false, 'its key is destroyed');
select is((select row(p.sealed, p.contact, p.pseudonym, p.erased_at is not null)::text from huiyin.feedback_person p where p.feedback = t.id_of(:'named')), '(,,,t)', 'and nothing is left to find them by');
select is(t.get('clerk', :'named')->>'text', '路塌了', 'words that must be kept are kept');
select is(t.admin('person_erase', jsonb_build_object('receipt', :'named'))->'items'->0->>'words', 'true', 'and erased otherwise');
select is(t.get('clerk', :'named')->>'text', '', 'so that they are gone');
select is(jsonb_array_length(t.get('clerk', :'named')->'history'), 3, 'while its history stays');
select is(t.admin('audit_verify', '{}')->>'ok', 'true', 'and the chain holds');

-- what an older release left in clear
insert into huiyin.feedback_person (feedback, name, filed_by_name, filed_by_relation) values (t.id_of(:'old'), '王五', '赵六', '邻居');
select is(t.admin('person_clear', '{}')->'items', jsonb_build_array(jsonb_build_object('receipt', :'old', 'anonymous', true,
	'who', '{"name": "王五", "filed_by": {"name": "赵六", "relation": "邻居"}}'::jsonb)), 'what lies in clear is found');
select is(t.get('clerk', :'old') ? 'submitter', false, 'though never shown');
select is(t.admin('person_seal', jsonb_build_object('items', jsonb_build_array(jsonb_build_object('receipt', :'old', 'person', :'record'::jsonb))))->>'sealed', '1', 'and sealed');
select is(t.admin('person_clear', '{}')->'items', '[]', 'so that none is left');

-- retention
select is(t.admin('retention_set', v.params::jsonb), v.said::jsonb, 'retention ' || v.params) from (values
	('{"what": "contact", "days": "14"}', '{"refused": "bad_value days"}'), ('{"what": "contact", "days": "x"}', '{"refused": "bad_value days"}'),
	('{"what": "words", "days": "30"}', '{"refused": "bad_value what"}'), ('{"what": "contact", "days": "30"}', '{"what": "contact", "days": "30"}')) as v(params, said);
select is(t.admin('retention_list', '{}')->'items'->0, '{"what": "contact", "days": 30, "until": null}', 'is listed');
create function t.person(ref int) returns text language sql as $$
	select t.file(ref, '{"person": {"sealed": "01", "salt": "02", "contact": "03"}}')
$$;
select t.person(20) as open, t.person(21) as fresh, t.person(22) as stale, t.person(23) as young \gset
select t.age(r, 50) from unnest(array[:'open', :'fresh', :'stale']) as r \g /dev/null
select t.close(:'fresh', 29), t.close(:'stale', 31), t.close(:'young', 0) \g /dev/null
select is(huiyin.contacts_expire(), 1, 'who said what is closed for longer than is kept is erased');
select is(t.has_key(r), has, say) from (values (:'open', true, 'what is open keeps its person'), (:'fresh', true, 'and what was closed lately'),
	(:'stale', false, 'what was closed long ago does not'), (:'young', true, 'what is young is not looked at')) as v(r, has, say);
select is((select row(a.act, a.subject)::text from huiyin.audit a order by a.seq desc limit 1), row('person.expire', '1 ' || :'stale')::text, 'the chain says of which');
select is(huiyin.contacts_expire(), 0, 'nothing is left to do');
select cmp_ok((select k.look_at from huiyin.person_key k where k.feedback = t.id_of(:'open')), '>', now() - interval '30 days', 'what is open is looked at again another day');
select is((select k.look_at from huiyin.person_key k where k.feedback = t.id_of(:'fresh')), now() - interval '29 days', 'what is closed when its time has passed');
select t.age(:'fresh', 2) \g /dev/null
update huiyin.feedback_history h set at = h.at - interval '2 days' where h.feedback = t.id_of(:'fresh');
select is((t.ask('node_alive', null, '{"node": "0192f000-0000-7000-8000-000000000000"}') ? 'now')::text, 'true', 'a node that lives');
select is(t.has_key(:'fresh'), false, 'lets go what has had its time');
select admin.retention_set('{"what": "contact", "days": "ever"}') \g /dev/null
select t.close(:'open', 5000) \g /dev/null
select is(t.admin('retention_apply', '{}')->>'contacts_erased', '0', 'for ever is for ever');

-- where there is no auditor only the pseudonym is kept, and no longer than the rest
select t.file(30, '{"anonymous": true, "person": {"dropped": true, "pseudonym": "0a0b0c0d"}}') as dropped \gset
select is(t.get('clerk', :'dropped')->>'pseudonym', '匿名-0A0B0C', 'without an auditor there is a pseudonym');
select is(t.unseal(:'dropped', 'auditor'), '{"refused": "not_found receipt"}', 'and nothing to unseal');
select admin.retention_set('{"what": "contact", "days": "30"}') \g /dev/null
select t.age(:'dropped', 50), t.close(:'dropped', 31) \g /dev/null
select is(huiyin.contacts_expire(), 1, 'it goes when its time has passed');
select is(t.get('clerk', :'dropped') ? 'pseudonym', false, 'and is shown no more');

-- whoever adds a column of words decides here whether it is erased with the person
create function t.words() returns table (name text) language sql as $$
	select format('%s.%s', c.relname, a.attname)
	from pg_attribute a
	join pg_class c on c.oid = a.attrelid
	where c.relnamespace = 'huiyin'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
		and (c.relname ~ '^feedback' or c.relname ~ '^person')
		and a.attnum > 0 and not a.attisdropped and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'tsvector'::regtype)
$$;
create table t.word (name text, fate text);
insert into t.word values
	('feedback.said', 'erased'), ('feedback_answer.said', 'erased'),
	('feedback_person.name', 'erased'), ('feedback_person.phone', 'erased'), ('feedback_person.filed_by_name', 'erased'),
	('feedback_person.filed_by_relation', 'erased'), ('feedback_person.sealed', 'erased'), ('feedback_person.pseudonym', 'erased'),
	('feedback_person.contact', 'erased'), ('person_key.salt', 'erased'),
	('feedback.receipt', 'a fact'), ('feedback.state', 'a fact'), ('feedback.region', 'a fact'), ('feedback.service', 'a fact'),
	('feedback.submitter_kind', 'a fact'), ('feedback_answer.outcome', 'a fact'), ('feedback_history.state', 'a fact'),
	('feedback_answer.measure', 'erased'), ('feedback_answer.plain', 'erased'), ('feedback_answer.without', 'erased'),
	('feedback_assist.said', 'erased'), ('feedback_assist.task', 'erased'),
	('feedback_request.asked', 'erased'), ('feedback_request.supplied', 'erased'),
	('feedback_extension.reason', 'erased'), ('feedback_extension.plan', 'erased'), ('feedback_echo.said', 'erased'),
	('feedback_reason.said', 'erased'), ('feedback_reason.detail', 'erased'),
	('feedback_words.words', 'erased'), ('feedback_words.township', 'a fact'),
	('feedback_clock.clock', 'a fact'), ('feedback_clock.kind', 'a fact'),
	('feedback_clock.reason', 'words of staff in a row that only grows'),
	('feedback_echo.solved', 'a fact'), ('feedback_echo.source', 'a fact'),
	('feedback_history.act', 'a fact'), ('feedback_link.was', 'a fact'), ('feedback_party.part', 'a fact'),
	('feedback_move.act', 'a fact'), ('feedback_move.becomes', 'a fact'), ('feedback_move.part', 'a fact'),
	('feedback_move.was', 'a fact'),
	('feedback_history.note', 'words of staff in a row that only grows'),
	('person_access.kind', 'a fact'), ('person_access.reason', 'words of staff in a row that only grows');
select is(array(select w.name from t.words() w order by 1), array(select w.name collate "C" from t.word w order by 1), 'all columns of words are known: erased with the person, or why not');
select t.file(40, '{"submitter": {"kind": "farmer", "name": "CANARY", "phone": "CANARY"}, "filed_by": {"name": "CANARY", "relation": "CANARY"}, "text": "CANARY",
	"person": {"sealed": "ca", "salt": "ca", "pseudonym": "ca", "contact": "ca"}}') as last \gset
select t.act('feedback_answer', 41, 'clerk', jsonb_build_object('receipt', :'last', 'text', 'CANARY', 'outcome', 'resolved')) \g /dev/null
update huiyin.feedback_answer a set measure = 'CANARY', plain = 'CANARY', without = 'CANARY' where a.feedback = t.id_of(:'last');
insert into huiyin.feedback_assist (feedback, department, from_at, by_at, task, said)
select t.id_of(:'last'), min(d.id), now(), now(), 'CANARY', 'CANARY' from huiyin.department d;
insert into huiyin.feedback_request (feedback, number, asked, principal, supplied) values (t.id_of(:'last'), 1, 'CANARY', 1, 'CANARY');
insert into huiyin.feedback_extension (feedback, number, round, level, department, asked_by, until, reason, plan)
select t.id_of(:'last'), 1, 1, 0, min(d.id), 1, now(), 'CANARY', 'CANARY' from huiyin.department d;
insert into huiyin.feedback_echo (feedback, number, round, source, reached, solved, said) values (t.id_of(:'last'), 1, 1, 'submitter', true, 'no', 'CANARY');
insert into huiyin.feedback_reason (feedback, step, said, detail) values (t.id_of(:'last'), 99, 'CANARY', '"CANARY"');
insert into huiyin.feedback_words (feedback, filed_at, township, words) values (t.id_of(:'last'), now(), '422802101000', 'canary');
create function t.left_of(id bigint, name text) returns bigint language plpgsql as $$
declare
	many bigint;
	part text[] := string_to_array(name, '.');
begin
	execute format('select count(*) from huiyin.%I where %I = $1 and coalesce(%I::text, '''') <> ''''', part[1],
		case when part[1] = 'feedback' then 'id' else 'feedback' end, part[2]) into many using id;
	return many;
end $$;
select cmp_ok((select count(*) from t.word w where w.fate = 'erased' and t.left_of(t.id_of(:'last'), w.name) > 0), '>=', 18::bigint, 'there are words to erase');
select t.close(:'last', 0), admin.person_erase(jsonb_build_object('receipt', :'last')) \g /dev/null
select is(t.left_of(t.id_of(:'last'), w.name), 0::bigint, w.name || ' is erased') from t.word w where w.fate = 'erased';

select * from finish();
rollback;
