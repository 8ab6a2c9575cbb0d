// SPDX-License-Identifier: Apache-2.0
// Every act by every role (I23): who may is said in one table, and the node
// does as the table says. A new act without a case here fails.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Refusal } from './lib/peer.js';
import { acts, roleNames } from './lib/schema.js';
import { county, feedback, notice } from './lib/world.js';

describe('every act by every role', () => {
	const its = county();
	const peers = {};
	let world, village;

	// Params that are good in form for each act.
	const good = {
		'ping': () => ({}),
		'notice.publish': () => notice([world.here]),
		'notice.draft': () => notice([world.here]),
		'notice.drafts': () => ({}),
		'notice.receipt': () => ({ notice: 'N-none', state: 'read',
			at: '2026-01-01T08:00:00+08:00' }),
		'notice.reach': () => ({ notice: 'N-none' }),
		'feedback.submit': () => feedback(village),
		'feedback.get': () => ({ receipt: 'HY-none' }),
		'feedback.list': () => ({}),
		'feedback.answer': () => ({ receipt: 'HY-none', text: 'x',
			outcome: 'resolved' }),
		'feedback.triage': () => ({ receipt: 'HY-none' }),
		'feedback.dispatch': () => ({ receipt: 'HY-none', lead: 'x' }),
		'feedback.arbitrate': () => ({ receipt: 'HY-none', lead: 'x',
			reason: 'x' }),
		'feedback.return': () => ({ receipt: 'HY-none', reason: 'x',
			suggestion: 'x' }),
		'feedback.accept': () => ({ receipt: 'HY-none' }),
		'feedback.contact': () => ({ receipt: 'HY-none', how: 'phone' }),
		'feedback.ask': () => ({ receipt: 'HY-none', text: 'x' }),
		'feedback.supply': () => ({ receipt: 'HY-none', text: 'x' }),
		'feedback.assist': () => ({ receipt: 'HY-none', text: 'x' }),
		'feedback.extend': () => ({ receipt: 'HY-none', reason: 'x',
			until: '2030-01-01T08:00:00+08:00' }),
		'feedback.revisit': () => ({ receipt: 'HY-none', solved: 'no' }),
		'feedback.rate': () => ({ receipt: 'HY-none', solved: 'yes',
			grade: 5 }),
		'feedback.reopen': () => ({ receipt: 'HY-none', reason: 'x' }),
		'feedback.withdraw': () => ({ receipt: 'HY-none' }),
		'feedback.link': () => ({ receipt: 'HY-none', main: 'HY-none' }),
		'feedback.unlink': () => ({ receipt: 'HY-none' }),
		'feedback.history': () => ({ receipt: 'HY-none' }),
		'feedback.queue': () => ({}),
		'feedback.due': () => ({}),
		'feedback.search': () => ({ text: 'xy' }),
		'ledger.list': () => ({}),
		'ledger.get': () => ({ entry: 'L-none' }),
		'ledger.progress': () => ({ entry: 'L-none', percent: 1, text: 'x' }),
		'ledger.done': () => ({ entry: 'L-none', text: 'x' }),
		'ledger.verify': () => ({ entry: 'L-none', decision: 'verified' }),
		'ledger.block': () => ({ entry: 'L-none', reason: 'x',
			headline: 'x', plan: 'x' }),
		'ledger.cancel': () => ({ entry: 'L-none', reason: 'x' }),
		'meeting.convene': () => ({ title: 'x', place: 'x', chair: 'x',
			at: '2030-01-01T08:00:00+08:00', departments: ['x'] }),
		'meeting.propose': () => ({}),
		'meeting.list': () => ({}),
		'meeting.get': () => ({ meeting: 9 }),
		'meeting.change': () => ({ meeting: 9, revision: 1 }),
		'meeting.cancel': () => ({ meeting: 9, reason: 'x' }),
		'meeting.reply': () => ({ meeting: 9, reply: 'leave' }),
		'meeting.hold': () => ({ meeting: 9, revision: 1 }),
		'meeting.attend': () => ({ meeting: 9, revision: 1, department: 'x',
			how: 'came' }),
		'meeting.add': () => ({ meeting: 9, revision: 1, text: 'x' }),
		'meeting.set': () => ({ meeting: 9, revision: 1, item: 1 }),
		'meeting.order': () => ({ meeting: 9, revision: 1, items: [1] }),
		'meeting.drop': () => ({ meeting: 9, revision: 1, item: 1 }),
		'summary.draft': () => ({ meeting: 9 }),
		'summary.circulate': () => ({ meeting: 9, revision: 1 }),
		'summary.sign': () => ({ meeting: 9, revision: 1 }),
		'summary.object': () => ({ meeting: 9, revision: 1, text: 'x' }),
		'summary.answer': () => ({ meeting: 9, department: 'x',
			outcome: 'noted', text: 'x' }),
		'summary.issue': () => ({ meeting: 9, revision: 1 }),
		'summary.get': () => ({ meeting: 9 }),
		'summary.list': () => ({}),
		'station.list': () => ({}),
		'report.rates': () => ({ by: 'service', from: '2026-01-01' }),
	};

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		peers.visitor = await world.visitor(village);
		peers.kiosk = await world.kiosk(`${village}-1`);
		for (const [role, login] of Object.entries({
			clerk: 'office-clerk', approver: 'office-approver',
			coordinator: 'coordinator', keeper: 'keeper', relay: 'relay',
			auditor: 'auditor', admin: 'admin' }))
			peers[role] = await world.staff(login);
	});

	test('every role of the protocol has a peer here', () => {
		assert.deepEqual(Object.keys(peers).sort(), [...roleNames].sort());
		for (const [role, peer] of Object.entries(peers))
			assert.deepEqual(peer.greeting.roles, [role]);
	});

	test('every act of the table is tried here', () => {
		assert.deepEqual([...acts.keys()].sort(),
			[...Object.keys(good), 'hello'].sort());
	});

	for (const [name, act] of acts) {
		if (act['x-when'] === 'first')
			continue;
		for (const role of roleNames) {
			const may = act['x-roles'].includes(role);
			test(`${role} ${may ? 'may' : 'may not'} ${name}`, async () => {
				let tag = 'done';
				try {
					await peers[role].act(name, good[name]());
				} catch (error) {
					assert.ok(error instanceof Refusal, error.message);
					tag = error.tag;
				}
				if (may)
					assert.notEqual(tag, 'not_allowed');
				else
					assert.equal(tag, 'not_allowed');
				assert.notEqual(tag, 'internal');
			});
		}
		test(`${name} is refused before hello`, async () => {
			const peer = await world.connect();
			assert.equal((await peer.refused(name, good[name]())).tag,
				'hello_first');
			peer.kill();
		});
	}
});

describe('the database, for the role of the node', () => {
	const its = county();

	// What becomes of a statement of the role itself.
	async function attempt(sql) {
		const { pg } = its.world;
		return pg.rows(sql, 'huiyin', 'huiyin_node').then(() => 'done',
			(error) => error.message);
	}

	test('no table can be read or written', async () => {
		const { pg } = its.world;
		const tables = await pg.rows('select schemaname, tablename from ' +
			"pg_tables where schemaname in ('huiyin', 'api', 'admin', " +
			"'report') union select schemaname, viewname from pg_views " +
			"where schemaname in ('huiyin', 'api', 'admin', 'report')");
		assert.ok(tables.length > 20);
		for (const [schema, table] of tables)
			for (const sql of [`select * from ${schema}.${table} limit 1`,
				`delete from ${schema}.${table}`,
				`insert into ${schema}.${table} default values`])
				assert.match(await attempt(sql), /permission denied/, sql);
	});

	test('no function outside api can be called', async () => {
		const { pg } = its.world;
		const open = await pg.rows("select p.oid::regprocedure from pg_proc " +
			'p join pg_namespace n on n.oid = p.pronamespace where nspname ' +
			"in ('huiyin', 'admin', 'report') and " +
			"has_function_privilege('huiyin_node', p.oid, 'execute') and " +
			"has_schema_privilege('huiyin_node', n.oid, 'usage')");
		assert.deepEqual(open, []);
	});

	test('nothing can be made', async () => {
		for (const sql of ['create table public.x (a int)',
			'create table api.x (a int)', 'create schema x',
			'create temporary table x (a int)', 'create role x',
			'alter role huiyin_node superuser',
			"select pg_read_file('/etc/passwd')", "copy (select 1) to " +
			"program 'true'", 'set session authorization postgres'])
			assert.notEqual(await attempt(sql), 'done', sql);
	});
});
