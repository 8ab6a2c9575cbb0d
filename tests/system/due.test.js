// SPDX-License-Identifier: Apache-2.0
// The due response over the wire: from a feedback nobody leads to one that is
// closed, and the submitter's side without an account.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { unseen } from './lib/peer.js';
import { newRef } from './lib/ref.js';
import { acts } from './lib/schema.js';
import { county, feedback } from './lib/world.js';

describe('a feedback on its way', () => {
	const its = county({ nodes: 2, settings: { tick_seconds: 1 } });
	let world, village, kiosk, other, commerce, approver, transport;
	let coordinator, auditor, filed;

	const act = (peer, name, more = {}) => peer.act(`feedback.${name}`,
		{ receipt: filed.receipt, ...more });
	const refused = (peer, name, more = {}) => peer.refused(
		`feedback.${name}`, { receipt: filed.receipt, ...more });
	const byKey = (peer, name, more = {}) =>
		act(peer, name, { key: filed.key, ...more });
	const state = async (peer, name, more) =>
		(await act(peer, name, more)).state;

	async function file(more = {}) {
		filed = await kiosk.act('feedback.submit', feedback(village, more));
		return filed;
	}

	async function dispatched(lead = 'commerce', more = {}) {
		await file();
		await act(coordinator, 'dispatch', { lead, ...more });
		return filed;
	}

	async function answered(outcome = 'resolved') {
		await dispatched();
		await act(commerce, 'answer', { text: '修好了。', outcome });
		return filed;
	}

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		other = await world.kiosk(`${world.townships[world.there][0]}-1`,
			{}, { node: world.nodes[1] });
		commerce = await world.staff('commerce-clerk');
		approver = await world.staff('commerce-approver');
		transport = await world.staff('transport-clerk');
		coordinator = await world.staff('coordinator');
		auditor = await world.staff('auditor');
	});

	test('waits in the coordinator\'s queue, and comes to its lead', async () => {
		await file();
		const { items } = await coordinator.act('feedback.queue');
		assert.ok(items.some((i) => i.receipt === filed.receipt));
		await coordinator.act('feedback.dispatch', { receipt: filed.receipt,
			lead: 'commerce', assisting: ['transport'], task: '看路' });
		for (const peer of [commerce, transport])
			await peer.news('inbox.changed',
				(n) => n.receipt === filed.receipt);
		await kiosk.news('feedback.changed',
			(n) => n.receipt === filed.receipt);
	});

	test('is signed for, and the submitter asked', async () => {
		assert.equal(await state(commerce, 'accept'), 'accepted');
		assert.equal(await state(commerce, 'contact', { how: 'phone' }),
			'in_progress');
		assert.equal(await state(commerce, 'ask', { text: '哪一段?' }),
			'waiting_submitter');
		await kiosk.news('feedback.changed',
			(n) => n.state === 'waiting_submitter');
		assert.equal((await byKey(other, 'get')).asked, '哪一段?');
	});

	test('is supplied at any kiosk by its key, once', async () => {
		const ref = newRef();
		const params = { receipt: filed.receipt, key: filed.key,
			text: '村口' };
		const first = await other.act('feedback.supply', params, ref);
		assert.deepEqual(first, { state: 'in_progress' });
		assert.deepEqual(await other.act('feedback.supply', params, ref),
			first);
		const seen = await act(commerce, 'get');
		assert.deepEqual(seen.supplied, [{ asked: '哪一段?', text: '村口' }]);
	});

	test('is answered when who assists has signed', async () => {
		const said = { text: '修好了。', outcome: 'resolved',
			measure: '派人', plain: '好了' };
		assert.equal((await refused(commerce, 'answer', said)).tag,
			'needs_assisting');
		await act(transport, 'assist', { text: '路基已加固' });
		assert.equal(await state(commerce, 'answer', said), 'answered');
		const { answer } = await byKey(other, 'get');
		assert.equal(answer.measure, '派人');
		assert.equal(answer.plain, '好了');
	});

	test('is revisited by somebody else, and closed', async () => {
		assert.equal((await refused(commerce, 'revisit', { solved: 'yes' })).tag, 'own_answer');
		assert.equal(await state(coordinator, 'revisit', { solved: 'yes', grade: 5 }), 'closed_resolved');
	});

	test('shows each its own history', async () => {
		const mine = await byKey(other, 'history');
		assert.ok(mine.items.some((i) => i.act === 'answer'));
		assert.doesNotMatch(JSON.stringify(mine), /路基|commerce-clerk/);
		assert.ok((await act(commerce, 'history')).items.some((i) =>
			i.who === 'commerce-clerk'));
		assert.ok((await act(auditor, 'history')).items.some((i) =>
			i.clock === 'sign' && i.kind === 'met'));
		assert.equal((await refused(kiosk, 'history')).tag, 'not_found');
	});

	test('a wrong key opens no act, like an unknown number; and nobody ' +
		'says that it was proved', async () => {
		await answered();
		const key = '1'.repeat(16);
		for (const [name, more] of Object.entries({
			rate: { solved: 'yes', grade: 5 }, reopen: { reason: 'x' },
			withdraw: {}, history: {} })) {
			const wrong = await refused(other, name, { key, ...more });
			const none = await other.refused(`feedback.${name}`,
				{ receipt: 'HY-422802-26-999997', key, ...more });
			assert.equal(wrong.tag, 'not_found');
			assert.deepEqual(wrong.error, none.error);
			const liar = await refused(other, name,
				{ proved: true, ...more });
			assert.equal(liar.tag, 'unknown_field');
		}
		assert.equal((await byKey(other, 'get')).state, 'answered');
	});

	test('is rated and reopened by key, with a clock of its own', async () => {
		await answered();
		assert.deepEqual(await byKey(other, 'rate', { solved: 'no',
			grade: 1 }), { state: 'answered' });
		assert.deepEqual(await byKey(other, 'reopen', { reason: '又塌了' }),
			{ state: 'reopened' });
		await commerce.news('inbox.changed', (n) =>
			n.receipt === filed.receipt && n.state === 'reopened');
		await act(commerce, 'answer', { text: '重修', outcome: 'resolved' });
		assert.deepEqual(await byKey(await world.visitor(), 'rate',
			{ solved: 'yes', grade: 4 }), { state: 'closed_resolved' });
	});

	test('is withdrawn by key, and by nobody else', async () => {
		await dispatched();
		assert.equal((await refused(kiosk, 'withdraw')).tag, 'not_allowed');
		assert.equal((await refused(commerce, 'withdraw')).tag,
			'not_allowed');
		assert.deepEqual(await byKey(other, 'withdraw'),
			{ state: 'closed_withdrawn' });
		const why = await refused(commerce, 'accept');
		assert.equal(why.tag, 'wrong_state');
		assert.equal(why.now.state, 'closed_withdrawn');
	});

	test('is returned once, then arbitrated', async () => {
		await dispatched();
		assert.equal(await state(commerce, 'return', { reason: '不归我们',
			suggestion: 'transport' }), 'returned');
		assert.equal(await state(coordinator, 'triage'), 'triage');
		await act(coordinator, 'dispatch', { lead: 'transport' });
		assert.equal(await state(transport, 'return', { reason: '也不归我们',
			suggestion: 'commerce' }), 'arbitration');
		assert.equal(await state(coordinator, 'arbitrate', {
			lead: 'commerce', reason: '归你们' }), 'dispatched');
		assert.equal((await refused(commerce, 'return', { reason: 'x',
			suggestion: 'transport' })).tag, 'bound');
	});

	test('gets more time only by a superior\'s word', async () => {
		await dispatched();
		await act(commerce, 'accept');
		const { answer_by: was } = await act(commerce, 'get');
		const until = new Date(Date.parse(was) + 3 * 86400e3).toISOString()
			.replace('Z', '+00:00');
		const { asked } = await act(commerce, 'extend',
			{ until, reason: '材料不齐' });
		assert.equal(asked.code, 'commerce');
		assert.equal((await refused(commerce, 'extend',
			{ decision: 'approve' })).tag, 'not_allowed');
		assert.equal((await act(commerce, 'get')).answer_by, was);
		const { answer_by: now } = await act(approver, 'extend',
			{ decision: 'approve' });
		assert.equal(Date.parse(now) - Date.parse(was), 3 * 86400e3);
	});

	test('is found by words, and what is alike is suggested and joined',
		async () => {
			const text = '村口的独木桥坏了请来修';
			const main = await file({ text });
			await act(coordinator, 'dispatch', { lead: 'commerce' });
			const twin = await file({ text: `${text}一修` });
			const found = async (params) => (await coordinator.act(
				'feedback.search', params)).items.map((i) => i.receipt);
			// The tick makes it searchable.
			for (let i = 0; i < 100 && (await found({ text: '独木桥' }))
				.length < 2; i++)
				await new Promise((done) => { setTimeout(done, 50); });
			assert.deepEqual((await found({ text: '独木桥' })).sort(),
				[main.receipt, twin.receipt].sort());
			assert.deepEqual(await found({ similar: twin.receipt }),
				[main.receipt]);
			const link = () => act(coordinator, 'link',
				{ main: main.receipt });
			assert.equal((await link()).state, 'closed_duplicate');
			assert.equal(await state(coordinator, 'unlink'), 'dispatched');
			await link();
			await commerce.act('feedback.answer', { receipt: main.receipt,
				text: '桥已修', outcome: 'resolved' });
			const seen = await byKey(other, 'get');
			assert.equal(seen.answer.text, '桥已修');
			assert.doesNotMatch(JSON.stringify(seen),
				new RegExp(main.receipt));
		});

	test('outside the law it is closed with where to go', async () => {
		await file();
		assert.equal(await state(coordinator, 'triage', { outside: {
			reason: '已进入诉讼', where: '人民法院' } }),
		'closed_not_accepted');
		assert.match((await byKey(other, 'get')).answer.text, /人民法院/);
	});

	test('two coordinators at once: one wins, the other hears by whom it ' +
		'was overtaken', async () => {
		const second = await world.staff('coordinator', {},
			{ node: world.nodes[1] });
		for (let round = 0; round < 8; round++) {
			await file();
			const ends = await Promise.allSettled([
				act(coordinator, 'dispatch', { lead: 'commerce' }),
				act(second, 'dispatch', { lead: 'transport' })]);
			const lost = ends.filter((e) => e.status === 'rejected');
			assert.equal(lost.length, 1);
			const why = lost[0].reason;
			assert.equal(why.tag, 'wrong_state');
			assert.equal(why.now.state, 'dispatched');
			assert.match(why.now.by, /coordinator$/);
			assert.match(why.allow, /Possible now: .*feedback\.accept/);
			const { department } = await act(auditor, 'get');
			assert.equal(department.code, ends[0].status === 'fulfilled' ?
				'commerce' : 'transport');
		}
	});
});

describe('a feedback for somebody', () => {
	const its = county();
	const names = { submitter: { kind: 'farmer', name: '张三',
		phone: '13800000009' } };
	const filer = { name: '驻村', relation: '第一书记' };
	let world, village, relay, office;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		relay = await world.staff('relay');
		office = await world.staff('office-clerk');
	});

	const file = (peer, more, ref) => peer.act('feedback.submit',
		feedback(village, more), ref);

	test('is not taken of staff without that person\'s consent', async () => {
		const chinese = await world.staff('keeper', { lang: 'zh-CN' });
		for (const more of [names, { ...names, filed_by: filer },
			{ filed_by: { ...filer, consent: false } },
			{ ...names, anonymous: true, filed_by: filer }]) {
			const why = await relay.refused('feedback.submit',
				feedback(village, more));
			assert.equal(why.tag, 'needs_consent');
			assert.equal(why.path, 'filed_by.consent');
			assert.match(why.allow, /filed_by\.name, \.relation, \.consent/);
			assert.match((await chinese.refused('feedback.submit',
				feedback(village, more))).text, /须经本人同意/);
		}
	});

	test('is taken with it, under the same ref, and its department reads ' +
		'who, what relation, and that they agreed', async () => {
		const ref = newRef();
		const filed_by = { ...filer, consent: true };
		await relay.refused('feedback.submit', feedback(village,
			{ ...names, filed_by: filer }), ref);
		const { receipt, key } = await file(relay, { ...names, filed_by }, ref);
		assert.deepEqual((await office.act('feedback.get', { receipt }))
			.filed_by, filed_by);
		const kiosk = await world.kiosk(`${village}-1`);
		assert.deepEqual(await kiosk.act('feedback.withdraw', { receipt,
			key }), { state: 'closed_withdrawn' });
	});

	test('that is their own, or nobody\'s, they file as anybody', async () => {
		for (const more of [{}, { submitter: { kind: 'other' } }, { ...names,
			filed_by: { ...filer, relation: 'self', consent: true } }])
			assert.ok((await file(relay, more)).receipt);
	});

	test('is taken of a kiosk as it always was: who types there is not ' +
		'known', async () => {
		const kiosk = await world.kiosk(`${village}-1`);
		const { receipt } = await file(kiosk, { ...names, filed_by: filer });
		assert.deepEqual((await office.act('feedback.get', { receipt }))
			.filed_by, filer);
	});

	test('is not known by name where no auditor is, when it is anonymous',
		async () => {
			const kiosk = await world.kiosk(`${village}-1`);
			assert.equal((await file(kiosk, { ...names, anonymous: true }))
				.contact, 'not_kept');
		});

	test('the reference promises of no act of feedback what nobody was ' +
		'answered', () => {
		const writers = [...acts.values()].filter((a) => a['x-writes'] &&
			a.name.startsWith('feedback.'));
		assert.ok(writers.length > 15);
		for (const { name } of writers)
			assert.deepEqual(unseen(name), [], name);
	});
});

describe('what is late', () => {
	const its = county({ nodes: 2, settings: { tick_seconds: 1 } });
	let world, village, kiosk, clerk, coordinator, filed;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		await world.admin('county', 'set', world.county, '--demo');
		await world.admin('service', 'add', 'demo', '--name', '演示',
			'--like', 'question');
		for (const clock of ['sign', 'contact', 'answer'])
			await world.admin('service', 'clock', 'demo', clock, '2',
				'seconds');
		await world.admin('route', 'set', 'demo', world.county,
			'--department', 'commerce');
		await world.admin('department', 'set', 'commerce', '--superior',
			'transport');
		await world.admin('department', 'set', 'transport', '--superior',
			'office');
		kiosk = await world.kiosk(`${village}-1`);
		clerk = await world.staff('commerce-clerk');
		coordinator = await world.staff('coordinator');
	});

	test('is escalated to the superior, who hears of it and sees it',
		async () => {
			const above = await world.staff('transport-clerk', {},
				{ node: world.nodes[1] });
			filed = await kiosk.act('feedback.submit', feedback(village,
				{ service: 'demo' }));
			await above.news('inbox.changed',
				(n) => n.receipt === filed.receipt);
			const { items } = await above.act('feedback.list',
				{ part: 'escalated' });
			assert.equal(items[0].receipt, filed.receipt);
			assert.equal(items[0].overdue, true);
			assert.equal(items[0].answer_by, filed.answer_by);
		});

	test('goes on up to the office', async () => {
		await coordinator.news('inbox.changed',
			(n) => n.receipt === filed.receipt);
		const { items } = await clerk.act('feedback.due', { level: 100 });
		const [mine] = items.filter((i) => i.receipt === filed.receipt);
		assert.ok(mine.clocks.some((c) => c.clock === 'answer'));
	});

	test('is noted once though two nodes look, and stays late when it is ' +
		'answered', async () => {
		await clerk.act('feedback.answer', { receipt: filed.receipt,
			text: '晚了,抱歉。', outcome: 'explained' });
		const history = await kiosk.act('feedback.history',
			{ receipt: filed.receipt, key: filed.key });
		assert.equal(history.ever_overdue, true);
		const twice = await world.pg.rows('select clock, kind, level, ' +
			'count(*) from huiyin.feedback_clock where kind in ' +
			"('warn', 'breach', 'escalate') group by 1, 2, 3, feedback, " +
			'new_by having count(*) > 1');
		assert.deepEqual(twice, []);
	});

	test('what the submitter never completed is closed after 15 days of ' +
		'waiting', async () => {
		const one = await kiosk.act('feedback.submit', feedback(village,
			{ service: 'demo' }));
		await clerk.act('feedback.ask', { receipt: one.receipt, text: '?' });
		await world.pg.rows('update huiyin.feedback set paused_at = ' +
			"paused_at - interval '15 days', ticked_at = ticked_at - " +
			"interval '15 days', tick_at = now() where receipt = " +
			`'${one.receipt}'`);
		await kiosk.news('feedback.changed', (n) =>
			n.receipt === one.receipt && n.state === 'closed_incomplete');
	});

	test('can be seen to by hand; clocks and superiors are set there too',
		async () => {
			const [tick] = await world.admin('db', 'tick');
			assert.equal(tick.more, false);
			const clocks = await world.admin('service', 'clocks',
				'--service', 'demo');
			assert.equal(clocks.find((c) => c.clock === 'answer').unit,
				'seconds');
			await world.admin('staff', 'superior', 'commerce-clerk',
				'commerce-approver');
			await world.admin('staff', 'vacancy', 'commerce-approver');
			const one = (await world.admin('staff', 'list')).find((s) =>
				s.name === 'commerce-clerk');
			assert.equal(one.superior, 'commerce-approver');
			await assert.rejects(world.admin('staff', 'superior',
				'commerce-approver', 'commerce-clerk'), /superior/);
			await assert.rejects(world.admin('service', 'clock', 'demo',
				'answer', '0', 'minutes'), /AMOUNT/);
		});

	test('leaves a database that is sound', async () => {
		await assert.doesNotReject(world.admin('db', 'check'));
	});
});
