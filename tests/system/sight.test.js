// SPDX-License-Identifier: Apache-2.0
// Who sees what (I24): every column of every answer of every act that reads, by
// every role, of the department that has a feedback, of the one it is against and
// of others, against one table. A new act, or a new column, without a row here
// fails; so does a row that nobody needs.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Refusal, unseen } from './lib/peer.js';
import { acts, news } from './lib/schema.js';
import { table } from './lib/sight.js';
import { entriesOn, entryRelations } from './lib/sight_ledger.js';
import { meetingRelations, meetingsOn } from './lib/sight_meeting.js';
import { county, feedback, notice } from './lib/world.js';

// Words of a feedback that only some may read, and the column they stand in.
const secrets = (f) => ({ receipt: f.receipt, text: f.text,
	'answer.text': f.answer, 'submitter.name': f.name,
	'submitter.phone': f.phone, 'filed_by.name': f.filer,
	'filed_by.relation': f.relation, 'assisting.task': f.task,
	'assisting.text': f.part, 'extension.reason': f.late,
	'extension.plan': f.plan });

const days = (n) => new Date(Date.now() + n * 86400e3).toISOString();

const deskRoles = ['clerk', 'approver', 'coordinator'];

// What a viewer is to a feedback, with the key in hand or not.
function relations(viewer, f, hasKey) {
	if (f.entry)
		return entryRelations(viewer, f);
	if (f.invited)
		return meetingRelations(viewer, f);
	if (viewer.department && viewer.department === f.against)
		return [];
	return Object.entries({
		department: viewer.department === f.lead &&
			deskRoles.includes(viewer.role),
		coordinator: viewer.role === 'coordinator' &&
			[f.lead, viewer.department].includes('office'),
		auditor: viewer.role === 'auditor',
		filer: viewer.name === f.filedAt,
		key: hasKey,
	}).filter(([, is]) => is).map(([name]) => name);
}

// The rule of a row for one feedback: a list of relations.
function allowedBy(rule, f) {
	const kind = /^(named|hidden): /.exec(rule)?.[1];
	if (kind && (kind === 'hidden') !== f.anonymous)
		return [];
	return rule.split(' ');
}

const fits = (rule, f, found) =>
	found.filter((r) => allowedBy(rule, f).includes(r));

// Every leaf of an answer: [column, the feedback, entry or meeting whose it is];
// within an entry a receipt is only quoted.
function leaves(value, byReceipt, path = '', of = undefined) {
	if (Array.isArray(value))
		return value.length && typeof value[0] === 'object' ?
			value.flatMap((v) => leaves(v, byReceipt, path, of)) :
			[[path, of]];
	if (value === null || typeof value !== 'object')
		return [[path, of]];
	const mine = byReceipt.get(value.entry ?? value.meeting) ??
		(of?.entry ? of : byReceipt.get(value.receipt)) ?? of;
	return Object.entries(value).flatMap(([key, v]) =>
		leaves(v, byReceipt, path ? `${path}.${key}` : key, mine));
}

// The least params an act takes, with some of our own.
function paramsOf(act, ours) {
	const fill = (name, schema) => {
		if (name in ours)
			return ours[name];
		if (schema.enum)
			return schema.enum[0];
		if (schema.pattern?.includes('{12}'))
			return '422802000000';
		if (schema.format === 'date-time')
			return '2026-01-01T08:00:00+08:00';
		switch (schema.type) {
		case 'object':
			return Object.fromEntries((schema.required ?? []).map((key) =>
				[key, fill(key, schema.properties[key])]));
		case 'array': return [fill(name, schema.items)];
		case 'integer': return schema.minimum ?? 1;
		case 'boolean': return true;
		default: return 'x'.repeat(Math.max(schema.minLength ?? 1, 1));
		}
	};
	return Object.fromEntries(act.params.filter((p) => p.required ||
		p.name in ours).map((p) => [p.name, fill(p.name, p.schema)]));
}

describe('who sees what', () => {
	const its = county({ nodes: 0 });
	const viewers = [];
	const filed = [];
	const entries = [];
	const meetings = [];
	const byReceipt = new Map();
	const seen = new Map(); // "act column" -> set of relations
	let world, village;

	const readers = [...acts.values()].filter((a) => !a['x-writes']);
	const writers = [...acts.values()].filter((a) => a['x-writes']);
	const takes = (act, name) => act.params.some((p) => p.name === name);

	async function addViewers() {
		const add = async (name, role, department, peer) =>
			viewers.push({ name, role, department, peer: await peer });
		await add('a visitor', 'visitor', undefined, world.visitor(village));
		for (const name of Object.keys(world.kiosks).slice(0, 2))
			await add(name, 'kiosk', undefined, world.kiosk(name,
				{ generation: name, mark: 1 }));
		const office = { 'office-clerk': 'clerk', 'office-approver': 'approver',
			coordinator: 'coordinator', keeper: 'keeper', relay: 'relay',
			auditor: 'auditor', admin: 'admin' };
		for (const [name, role] of Object.entries(office))
			await add(name, role, 'office', world.staff(name));
		for (const role of Object.values(office)) {
			const name = `commerce-${role}`;
			if (!deskRoles.slice(0, 2).includes(role)) {
				world.secrets[name] = `secret of ${name}`;
				await world.admin('staff', 'add', name, '--roles', role,
					'--department', 'commerce',
					{ input: world.secrets[name] });
			}
			await add(name, role, 'commerce', world.staff(name));
		}
		await add('transport-clerk', 'clerk', 'transport',
			world.staff('transport-clerk'));
	}

	const peerOf = (name) => viewers.find((v) => v.name === name).peer;

	// What becomes of one, so that every column has something in it.
	const ways = {
		answered: ({ receipt, lead, answer }) => peerOf(`${lead}-clerk`).act(
			'feedback.answer', { receipt, text: answer, measure: 'x',
				plain: 'x', outcome: 'planned',
				planned: days(20).replace('Z', '+00:00') }),
		late: () => {},
		async worked({ receipt, task, part, late, plan }) {
			const clerk = (act, more) => peerOf('office-clerk').act(
				`feedback.${act}`, { receipt, ...more });
			await peerOf('coordinator').act('feedback.dispatch', { receipt,
				lead: 'office', assisting: ['township', 'strict'], task });
			await (await world.staff('township-clerk')).act(
				'feedback.assist', { receipt, text: part });
			await clerk('contact', { how: 'phone' });
			await clerk('extend', { until: days(14).replace('Z', '+00:00'),
				reason: late, plan });
			await clerk('ask', { text: '?' });
			await viewers[1].peer.act('feedback.supply', { receipt,
				text: '!' });
			await clerk('ask', { text: '?' });
		},
		async outside({ receipt, answer }) {
			const decide = (act, more) => peerOf('coordinator').act(
				`feedback.${act}`, { receipt, ...more });
			await decide('dispatch', { lead: 'strict' });
			await (await world.staff('strict-clerk')).act('feedback.return',
				{ receipt, reason: 'x', suggestion: 'transport' });
			await decide('dispatch', { lead: 'office' });
			await decide('triage', { outside: { reason: answer,
				where: 'x' } });
		},
		joined: ({ receipt }) => peerOf('coordinator').act('feedback.link', {
			receipt, reason: 'x', main: filed.find((f) =>
				f.way === 'late').receipt }),
	};

	async function file(what, anonymous) {
		const n = filed.length;
		const word = (of) => `CANARY${of}${n}.`;
		const f = { what, anonymous, text: word('text'),
			answer: word('answer'), name: word('name'),
			phone: `139${String(n).padStart(2, '0').repeat(4)}`,
			filer: word('filer'), relation: word('relation'),
			task: word('task'), part: word('part'), late: word('late'),
			plan: word('plan'), filedAt: viewers[1].name,
			way: what.way ?? 'answered', ...what.is };
		Object.assign(f, await viewers[1].peer.act('feedback.submit',
			feedback(village, { ...what.said, text: f.text, anonymous,
				submitter: { kind: 'farmer', name: f.name, phone: f.phone },
				filed_by: { name: f.filer, relation: f.relation,
					consent: true } })));
		await ways[f.way](f);
		filed.push(f);
		byReceipt.set(f.receipt, f);
	}

	// As if some had missed their dates, and others nearly that of the revisit:
	// what is late is told to superiors.
	async function age() {
		await world.pg.rows('update huiyin.feedback set tick_at = now(), ' +
			"filed_at = filed_at - interval '3 minutes', answer_by = now() - " +
			"interval '1 minute' where state = 'dispatched'", 'huiyin');
		await world.pg.rows('update huiyin.feedback set tick_at = now(), ' +
			"answered_at = answered_at - interval '30 days', revisit_by = " +
			"now() + interval '2 days' where state = 'answered'", 'huiyin');
		await world.admin('db', 'tick');
	}

	before(async () => {
		world = its.world;
		const [{ public_key: key }] = await world.admin('auditor', 'key',
			`${world.folder}/auditor.key`);
		await world.addNode({ auditor_key: key });
		[village] = world.townships[world.here];
		await addViewers();
		const { notice: about } = await peerOf('commerce-clerk').act(
			'notice.publish', notice([village]));
		await peerOf('commerce-clerk').act('notice.draft', notice([village],
			{ audience: { regions: [village], roles: ['keeper'] } }));
		await world.admin('route', 'set', 'need', world.county,
			'--department', 'transport');
		world.about = about;
		for (const what of [
			{ said: { about: { notice: about } },
				is: { lead: 'commerce', own: true } },
			{ said: { service: 'need' }, is: { lead: 'transport' } },
			{ said: {}, is: { lead: 'office' } },
			{ said: {}, way: 'late', is: { lead: 'office' } },
			{ said: {}, way: 'worked', is: { lead: 'office' } },
			{ said: {}, way: 'outside', is: { lead: 'office' } },
			{ said: {}, way: 'joined', is: { lead: 'office' } },
			{ said: { about: { notice: about },
				against: { department: 'commerce' } }, way: 'late',
			is: { lead: 'office', against: 'commerce', own: true } },
			{ said: { against: { department: 'commerce' } },
				is: { lead: 'office', against: 'commerce' } },
			{ said: { about: { notice: about },
				against: { department: 'commerce' } },
			is: { lead: 'office', against: 'commerce', own: true } }])
			for (const anonymous of [false, true])
				await file(what, anonymous);
		const clerks = { commerce: peerOf('commerce-clerk'),
			transport: peerOf('transport-clerk') };
		entries.push(...await entriesOn(world, filed.map((f) => f.receipt),
			clerks, peerOf('coordinator')));
		for (const e of entries)
			byReceipt.set(e.entry, e);
		meetings.push(...await meetingsOn(world, filed.filter((f) =>
			f.way === 'answered').map((f) => f.receipt), about, clerks,
		peerOf('coordinator')));
		for (const m of meetings)
			byReceipt.set(m.meeting, m);
		await age();
	});

	// Is this answer what the table allows this viewer?
	function judge(act, viewer, answer, keyOf) {
		const at = `${viewer.name}, ${act}`;
		const found = (f) => relations(viewer, f, keyOf === f);
		for (const [column, f] of leaves(answer, byReceipt)) {
			if (/(^|\.)(items|department)$|^by$|^answer$|^assisting$/.test(column))
				continue; // empty, or null
			const rule = table[act]?.[column];
			assert.ok(rule, `${at}: no row for ${column}`);
			const why = rule === 'anyone' ? ['anyone'] :
				fits(rule, f, f ? found(f) : []);
			assert.ok(why.length, `${at}: ${column} of ` +
				`${JSON.stringify(f?.what?.is ?? f)}`);
			const key = `${act} ${column}`;
			seen.set(key, new Set([...seen.get(key) ?? [], ...why]));
		}
		mindSecrets(at, JSON.stringify(answer), found);
	}

	function mindSecrets(at, text, found) {
		const rules = table['feedback.get'];
		for (const f of filed)
			for (const [column, word] of Object.entries(secrets(f)))
				if (text.includes(word))
					assert.ok(fits(rules[column], f, found(f)).length,
						`${at} shows ${column} of ${JSON.stringify(f.what)}`);
	}

	// The answer, or the error of the refusal.
	const ask = (peer, name, params) => peer.act(name, params).then(
		(answer) => ({ answer }), (error) => {
			assert.ok(error instanceof Refusal, error.message);
			return { error: error.error };
		});

	// About each of what an act is asked about, or by the page.
	function waysToAsk(act) {
		if (takes(act, 'entry'))
			return entries.map(({ entry }) => ({ entry }));
		if (takes(act, 'meeting'))
			return meetings.map(({ meeting, year, number }) =>
				({ meeting, year, number, since: 0 }));
		if (takes(act, 'receipt'))
			return filed.map(({ receipt }) => ({ receipt }));
		const all = { notice: world.about, ...act.name.startsWith('report.') ?
			{ from: days(-30).slice(0, 10) } : {} };
		return [...[{}, { limit: 1 }, { limit: 200 }, { for: 'revisit' }].map(
			(more) => ({ ...all, text: 'CANARYtext', ...more })),
		...takes(act, 'similar') ? filed.map(({ receipt }) =>
			({ ...all, similar: receipt })) : []];
	}

	test('every act that reads has its rows here', () => {
		assert.deepEqual(readers.map((a) => a.name).sort(),
			Object.keys(table).sort());
	});

	test('every role is here, in the office and in the department that is ' +
		'spoken against', () => {
		for (const department of ['office', 'commerce'])
			assert.deepEqual(viewers.filter((v) => v.department ===
				department).map((v) => v.role).sort(), ['admin', 'approver',
				'auditor', 'clerk', 'coordinator', 'keeper', 'relay']);
	});

	for (const act of readers.filter((a) => a.name !== 'hello'))
		test(`${act.name} shows each what the table says`, async () => {
			for (const viewer of viewers)
				for (const ours of waysToAsk(act)) {
					const { answer } = await ask(viewer.peer, act.name,
						paramsOf(act, ours));
					if (answer)
						judge(act.name, viewer, answer);
				}
		});

	test('hello shows each what the table says', () => {
		for (const viewer of viewers)
			judge('hello', viewer, viewer.peer.greeting);
	});

	for (const act of readers.filter((a) => takes(a, 'key')))
		test(`${act.name} with the key shows it to all but whom it is against`,
			async () => {
				for (const viewer of viewers)
					for (const f of filed) {
						const { answer } = await ask(viewer.peer, act.name,
							paramsOf(act, { receipt: f.receipt, key: f.key }));
						const accused = viewer.department === f.against &&
							f.against;
						assert.equal(Boolean(answer), !accused, viewer.name);
						if (answer)
							judge(act.name, viewer, answer, f);
					}
			});

	for (const act of [...readers, ...writers].filter((a) =>
		takes(a, 'receipt')))
		test(`${act.name} of what is against their department is to all its ` +
			'people as if it were not', async () => {
			for (const viewer of viewers.filter((v) =>
				v.department === 'commerce')) {
				const none = await ask(viewer.peer, act.name, paramsOf(act,
					{ receipt: 'HY-422802-26-999999' }));
				assert.ok(none.error);
				for (const f of filed.filter((x) => x.against))
					assert.deepEqual(await ask(viewer.peer, act.name,
						paramsOf(act, { receipt: f.receipt })), none,
					`${viewer.name}`);
			}
		});

	test('news tells nobody what an answer would not', async () => {
		let heard = 0;
		for (const viewer of viewers) {
			await viewer.peer.settle();
			for (const name of news.keys()) {
				const told = viewer.peer.heard(name);
				heard += told.length;
				for (const one of told)
					mindSecrets(`${viewer.name} hears ${name}`,
						JSON.stringify(one),
						(f) => relations(viewer, f, false));
			}
		}
		assert.ok(heard > 20, `${heard} news were heard`);
	});

	test('no row of the table is there for nothing', () => {
		for (const [act, columns] of Object.entries(table))
			for (const [column, rule] of Object.entries(columns)) {
				const who = rule.replace(/^(named:|hidden:|own) /, '')
					.split(' ');
				assert.deepEqual([...seen.get(`${act} ${column}`) ?? []]
					.sort(), who.sort(), `${act} ${column}`);
			}
	});

	for (const { name } of readers)
		test(`the reference promises nothing of ${name} that nobody is told`,
			() => {
				assert.deepEqual(unseen(name), []);
			});

	// What the node's role is answered by every function it may call, in the
	// name of somebody; whatever they write is undone.
	async function bySql(who, receipt) {
		const { pg } = world;
		const functions = await pg.rows('select p.proname, p.pronargs from ' +
			"pg_proc p where p.pronamespace = 'api'::regnamespace order by 1");
		assert.ok(functions.length > 20);
		const params = { receipt, proved: true, limit: 200, text: 'x',
			outcome: 'resolved', notice: world.about, xid: '1', from: 0,
			entry: entries[0].entry, meeting: meetings[0].meeting, since: 0,
			percent: 1, decision: 'verified',
			cursor: 0, regions: [village], node: who.node };
		const whose = { principal: Number(who.principal), session: 's',
			lang: 'en' };
		const quoted = (v) => `'${JSON.stringify(v)
			.replaceAll("'", "''")}'::jsonb`;
		const calls = functions.map(([name, many]) => {
			const call = many === '2' ?
				`api.${name}(${quoted(whose)}, ${quoted(params)}) as r` :
				`api.${name}(${quoted([{ n: 0, ref: who.node, hash: '00',
					who: whose, node: who.node, session: 's', params }])}) as r`;
			return `begin select string_agg(r::text, '') into said from ${call};
			perform set_config('t.said', concat(current_setting('t.said'),
				said), true);
			exception when others then null; end;`;
		});
		const got = await pg.rows("begin; set local t.said = ''; do $do$ " +
			`declare said text; begin ${calls.join('\n')} end $do$; ` +
			"select current_setting('t.said'); rollback", 'huiyin',
		'huiyin_node');
		return JSON.stringify(got);
	}

	test('nor does SQL, asked by the node\'s role in the name of somebody of ' +
		'the department, with every function there is', async () => {
		const people = (await world.pg.rows('select p.id, p.name from ' +
			"huiyin.identity i join huiyin.principal p on p.id = i.principal " +
			"where i.department_code = 'commerce'")).map(([principal, name]) =>
			({ principal, name, node: crypto.randomUUID() }));
		assert.equal(people.length, 7);
		for (const f of filed.filter((x) => x.against))
			for (const who of people) {
				const text = await bySql(who, f.receipt);
				for (const other of filed.filter((x) => x.against))
					for (const [column, word] of Object.entries(
						secrets(other)))
						if (column !== 'receipt')
							assert.ok(!text.includes(word),
								`${who.name} is shown ${column}`);
			}
		const [[principal]] = await world.pg.rows('select id from ' +
			"huiyin.principal where name = 'office-clerk'");
		const [f] = filed.filter((x) => x.against);
		assert.ok((await bySql({ principal, node: crypto.randomUUID() },
			f.receipt)).includes(f.text), 'the office is shown it');
	});
});
