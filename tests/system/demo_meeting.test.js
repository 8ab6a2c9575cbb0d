// SPDX-License-Identifier: Apache-2.0
// One meeting from two farmers to the echo: two feedback cases, the agenda they
// lead to, decisions signed by three departments of which one objects at first, the
// ledger, and the kiosk that hears what came of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { onMeeting } from './lib/summary.js';
import { until } from './lib/wait.js';
import { county, feedback } from './lib/world.js';

describe('a meeting that two farmers led to', () => {
	const its = county({ nodes: 2, settings: { tick_seconds: 1 } });
	const said = ['村口的路塌了,车过不去。', '合作社的茶叶运不出去。'];
	let world, here, there, kiosks, coordinator, commerce, transport, township;
	let filed, meeting, summary, entry;

	const on = (peer, act, more) => onMeeting(peer, act, meeting, more);
	const read = (i) => kiosks[i].act('feedback.get',
		{ receipt: filed[i].receipt, key: filed[i].key });

	before(async () => {
		world = its.world;
		[here] = world.townships[world.here];
		[there] = world.townships[world.there];
		kiosks = [await world.kiosk(`${here}-1`, { lang: 'zh-CN' }),
			await world.kiosk(`${there}-1`, { lang: 'zh-CN' },
				{ node: world.nodes[1] })];
		[coordinator, commerce, transport, township] = await Promise.all([
			'coordinator', 'commerce-clerk', 'transport-clerk',
			'township-clerk'].map((name) => world.staff(name)));
	});

	test('two kiosks say what is wrong, and it is overdue', async () => {
		filed = await Promise.all([here, there].map((village, i) =>
			kiosks[i].act('feedback.submit', feedback(village,
				{ text: said[i], anonymous: i === 1 }))));
		await world.pg.rows('update huiyin.feedback set answer_by = now() - ' +
			"interval '1 hour', tick_at = now()");
		await until('both are late', async () => {
			await world.admin('db', 'tick');
			const { items } = await coordinator.act('feedback.due',
				{ level: 100 });
			return items.length === 2;
		});
	});

	test('the database proposes them for the agenda', async () => {
		({ meeting } = await coordinator.act('meeting.convene', {
			title: '茶叶运输联席会议', at: '2060-03-01T09:00:00+08:00',
			place: '二楼会议室', chair: '王县长',
			departments: ['commerce', 'transport', 'township'] }));
		for (const peer of [commerce, transport, township])
			await peer.news('meeting.changed', (n) => n.meeting === meeting);
		const { items } = await coordinator.act('meeting.propose',
			{ meeting });
		const proposed = JSON.stringify(items);
		for (const { receipt } of filed)
			assert.ok(proposed.includes(receipt), proposed);
	});

	test('it decides who does what by when', async () => {
		await on(coordinator, 'meeting.add', { kind: 'feedback',
			text: '道路塌方', decision: '修通村路', lead: 'transport',
			assisting: ['township'], responsible: '李局长', standard: '通车',
			due: '2060-06-30T17:00:00+08:00',
			feedback: filed.map((f) => f.receipt) });
		await on(coordinator, 'meeting.add', { text: '茶叶外运',
			decision: '联系车队', lead: 'commerce',
			due: '2060-05-31T17:00:00+08:00', feedback: [filed[1].receipt] });
		await on(coordinator, 'meeting.hold');
		await coordinator.act('summary.draft', { meeting });
	});

	test('two departments sign, one objects, is answered and signs',
		async () => {
			await on(coordinator, 'summary.circulate');
			await on(commerce, 'summary.sign');
			await on(township, 'summary.sign');
			await on(transport, 'summary.object', { text: '六月来不及' });
			assert.equal((await coordinator.refused('summary.issue', { meeting,
				revision: (await coordinator.act('meeting.get', { meeting }))
					.revision })).tag, 'needs_voices');
			await coordinator.act('summary.answer', { meeting,
				department: 'transport', outcome: 'answered',
				text: '增派一个工程队' });
			await on(transport, 'summary.sign');
		});

	test('issued, both kiosks hear what was decided, and by when',
		async () => {
			for (const kiosk of kiosks)
				kiosk.heard('feedback.changed');
			summary = await on(coordinator, 'summary.issue');
			for (const [i, kiosk] of kiosks.entries())
				await kiosk.news('feedback.changed',
					(n) => n.receipt === filed[i].receipt);
			const { decided } = await read(0);
			assert.equal(decided.length, 1);
			assert.equal(decided[0].sentence, `已在${summary.year}年第` +
				`${summary.number}号会议纪要第1项中决定,由transport office` +
				'办理,应于2060年6月30日前完成。');
			assert.equal((await read(1)).decided.length, 2);
		});

	test('the department does it, with proof; another one verifies it',
		async () => {
			const { items } = await transport.act('ledger.list');
			[{ entry }] = items;
			assert.equal(items[0].text, '修通村路');
			await township.act('ledger.progress', { entry, percent: 100,
				text: '村里出了二十个工' });
			await transport.act('ledger.progress', { entry, percent: 60,
				media: 'media/road-60' });
			await transport.act('ledger.done', { entry,
				text: '路已修通,货车可以进村。', media: 'media/road-100' });
			assert.equal((await transport.refused('ledger.verify', { entry,
				decision: 'verified' })).tag, 'own_work');
		});

	test('verified, both kiosks hear of it, and read the result', async () => {
		for (const kiosk of kiosks)
			kiosk.heard('feedback.changed');
		await coordinator.act('ledger.verify', { entry,
			decision: 'verified', reason: '到现场看过' });
		for (const [i, kiosk] of kiosks.entries()) {
			await kiosk.news('feedback.changed',
				(n) => n.receipt === filed[i].receipt);
			const { decided: [mine] } = await read(i);
			assert.equal(mine.state, 'verified');
			assert.equal(mine.result, '路已修通,货车可以进村。');
			assert.match(mine.sentence, /已经办好,并经其他部门核实:路已修通/);
		}
	});

	test('no department was told who said it or what the others said',
		async () => {
			const read = await transport.act('ledger.get', { entry });
			assert.deepEqual(read.feedback, []);
			const all = JSON.stringify([read, await transport.act(
				'summary.get', { meeting })]);
			for (const text of [...said, ...filed.map((f) => f.receipt)])
				assert.ok(!all.includes(text), text);
		});

	test('a person reads it by the command line', async () => {
		const { code, out, err } = await world.cli(`${here}-1`, 'feedback',
			'get', '--receipt', filed[0].receipt, '--key', filed[0].key);
		assert.equal(code, 0, err);
		assert.match(out, /路已修通,货车可以进村。/);
	});

	test('the database is sound, and the audit whole', async () => {
		const [check] = await world.admin('db', 'check');
		assert.deepEqual(check.faults, []);
		const [audit] = await world.admin('audit', 'verify');
		assert.equal(audit.ok, true);
	});
});
