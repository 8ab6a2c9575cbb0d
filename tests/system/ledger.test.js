// SPDX-License-Identifier: Apache-2.0
// The ledger over the wire: what a meeting decided, from its summary until it is
// verified, and the kiosk that hears of it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newRef } from './lib/ref.js';
import { issueSummary } from './lib/summary.js';
import { county, feedback } from './lib/world.js';

describe('what a meeting decided', () => {
	const its = county({ nodes: 2, settings: { tick_seconds: 1 } });
	let world, village, kiosk, other, commerce, transport, township;
	let coordinator, auditor, filed, joined, summary, signers;
	const entry = {};

	const act = (peer, name, which, more = {}) => peer.act(`ledger.${name}`,
		{ entry: entry[which], ...more });
	const refused = async (peer, name, which, more = {}) =>
		(await peer.refused(`ledger.${name}`,
			{ entry: entry[which], ...more })).tag;
	const decided = async (peer, of, more = {}) => (await peer.act(
		'feedback.get', { receipt: of.receipt, ...more })).decided;

	// The kiosk hears of a feedback after that step, and not of one before: the
	// feed is in order, and all that was before a mark has been told with it.
	async function tellsAgain(of, step) {
		const mark = await kiosk.act('feedback.submit', feedback(village));
		await kiosk.news('feedback.changed',
			(n) => n.receipt === mark.receipt);
		kiosk.heard('feedback.changed');
		await step();
		await kiosk.news('feedback.changed',
			(n) => n.receipt === of.receipt);
	}

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		other = await world.kiosk(`${world.townships[world.there][0]}-1`,
			{ lang: 'zh-CN' }, { node: world.nodes[1] });
		commerce = await world.staff('commerce-clerk');
		transport = await world.staff('transport-clerk');
		township = await world.staff('township-clerk');
		coordinator = await world.staff('coordinator');
		auditor = await world.staff('auditor', {}, { node: world.nodes[1] });
		signers = { commerce, transport, township };
		filed = await kiosk.act('feedback.submit', feedback(village));
		joined = await kiosk.act('feedback.submit', feedback(village));
		await coordinator.act('feedback.link', { receipt: joined.receipt,
			main: filed.receipt });
	});

	test('is in the ledger of who has to do it when it is issued, and the ' +
		'kiosk hears', async () => {
		await tellsAgain(filed, async () => {
			summary = await issueSummary(coordinator, signers, [
				{ text: '村路', decision: '年内修通', lead: 'transport',
					assisting: ['township'], standard: '通车',
					due: '2060-12-01T10:00:00+08:00',
					feedback: [filed.receipt] },
				{ text: '站点', decision: '建站', lead: 'commerce',
					due: '2060-11-01T10:00:00+08:00' },
			]);
		});
		await kiosk.news('feedback.changed',
			(n) => n.receipt === joined.receipt);
		const { items } = await coordinator.act('ledger.list');
		[entry.station, entry.road] = items.map((i) => i.entry);
		assert.deepEqual(items.map((i) => [i.text, i.number, i.item]),
			[['建站', summary.number, 2], ['年内修通', summary.number, 1]]);
		for (const peer of [transport, township, coordinator])
			await peer.news('ledger.changed', (n) => n.entry === entry.road);
		assert.equal(commerce.heard('ledger.changed').some((n) =>
			n.entry === entry.road), false);
	});

	test('is shown with the feedback: by its key anywhere, at its kiosk ' +
		'without, and to nobody else', async () => {
		const [mine] = await decided(kiosk, filed);
		assert.equal(mine.number, summary.number);
		assert.equal(mine.item, 1);
		assert.equal(mine.due, '2060-12-01T10:00:00+08:00');
		assert.match(mine.sentence, /^It was decided in summary No\. \d+ of /);
		assert.deepEqual(await decided(kiosk, joined), [mine]);
		const [there] = await decided(other, filed, { key: filed.key });
		assert.match(there.sentence, /^已在\d+年第\d+号会议纪要第1项中决定,/);
		assert.equal((await other.refused('feedback.get',
			{ receipt: filed.receipt })).tag, 'not_found');
		assert.equal((await kiosk.act('feedback.get',
			{ receipt: filed.receipt })).text, undefined);
	});

	test('is seen by who leads, assists, coordinates or audits', async () => {
		for (const peer of [transport, township, coordinator, auditor])
			assert.equal((await act(peer, 'get', 'road')).standard, '通车');
		assert.equal(await refused(commerce, 'get', 'road'), 'not_found');
		assert.equal((await commerce.act('ledger.list')).items.length, 1);
		assert.equal(await refused(kiosk, 'get', 'road'), 'not_allowed');
	});

	test('comes on by those who do it, with a proof, once by its ref',
		async () => {
			assert.equal((await township.refused('ledger.progress',
				{ entry: entry.road, percent: 10 })).path, 'text');
			await act(township, 'progress', 'road',
				{ percent: 50, text: '路基清了' });
			const ref = newRef();
			const params = { entry: entry.road, percent: 40,
				media: 'media/1' };
			const first = await transport.act('ledger.progress', params, ref);
			assert.deepEqual(first, { state: 'doing', progress: 40 });
			assert.deepEqual(await transport.act('ledger.progress', params,
				ref), first);
			const seen = await act(auditor, 'get', 'road');
			assert.equal(seen.history.length, 3);
			assert.equal(seen.assisting[0].progress, 50);
		});

	test('is blocked with a plan, which its kiosk gets as a notice',
		async () => {
			const { notice } = await act(transport, 'block', 'road',
				{ reason: '塌方', headline: '修路推迟', plan: '雨停再修' });
			const told = await kiosk.news('notice',
				(n) => n.notice === notice);
			assert.equal(told.headline, '修路推迟');
			assert.deepEqual(told.audience.regions, [world.here]);
			assert.doesNotMatch(JSON.stringify(told), /塌方/);
			assert.equal((await act(township, 'get', 'road')).notice, notice);
		});

	test('is done, but not for whoever waits until another department has ' +
		'verified it', async () => {
		await act(transport, 'done', 'road', { text: '路修通了。' });
		assert.equal((await decided(kiosk, filed))[0].result, null);
		assert.equal(await refused(transport, 'verify', 'road',
			{ decision: 'verified' }), 'own_work');
		assert.equal(await refused(commerce, 'verify', 'road',
			{ decision: 'verified' }), 'not_found');
		assert.equal((await act(coordinator, 'verify', 'road',
			{ decision: 'refused', reason: '还有一段' })).state, 'doing');
		await act(transport, 'done', 'road', { text: '全通了。' });
		await tellsAgain(filed, () => act(coordinator, 'verify', 'road',
			{ decision: 'verified' }));
		for (const of of [filed, joined]) {
			const [mine] = await decided(kiosk, of);
			assert.equal(mine.state, 'verified');
			assert.equal(mine.result, '全通了。');
			assert.match(mine.sentence, /It is done, .*: 全通了。$/);
		}
		const history = await kiosk.act('feedback.history',
			{ receipt: filed.receipt, key: filed.key });
		assert.deepEqual(history.items.filter((i) => i.act === 'decide')
			.map((i) => i.note), ['decided', 'verified']);
	});

	test('warns and escalates by the tick, and was late for ever',
		async () => {
			await world.pg.rows('update huiyin.ledger_entry set from_at = ' +
				"now() - interval '100 days', due_at = now() - interval " +
				`'1 day', tick_at = now() where entry = '${entry.station}'`);
			await commerce.news('ledger.changed', (n) =>
				n.entry === entry.station && n.level >= 100);
			const { items } = await coordinator.act('ledger.list',
				{ late: true });
			assert.deepEqual(items.map((i) => i.entry), [entry.station]);
			await act(commerce, 'done', 'station', { text: '建好了。' });
			const seen = await act(auditor, 'get', 'station');
			assert.equal(seen.overdue, false);
			assert.equal(seen.ever_overdue, true);
			assert.deepEqual(seen.clocks.map((c) => c.kind).filter((k) =>
				['breach', 'met'].includes(k)), ['breach', 'met']);
			const twice = await world.pg.rows('select entry, kind, level ' +
				'from huiyin.ledger_clock where kind in ' +
				"('warn', 'breach', 'escalate') group by 1, 2, 3 " +
				'having count(*) > 1');
			assert.deepEqual(twice, []);
		});

	test('is taken back by the coordinator, and says why', async () => {
		const one = await kiosk.act('feedback.submit', feedback(village));
		await issueSummary(coordinator, signers, [{ text: '桥',
			decision: '架桥', lead: 'transport', feedback: [one.receipt] }]);
		const { items } = await coordinator.act('ledger.list',
			{ department: 'transport', state: 'open' });
		entry.bridge = items[0].entry;
		assert.equal(await refused(transport, 'cancel', 'bridge',
			{ reason: 'x' }), 'not_allowed');
		await tellsAgain(one, () => act(coordinator, 'cancel', 'bridge',
			{ reason: '并入水利工程。' }));
		assert.match((await decided(other, one, { key: one.key }))[0]
			.sentence, /此事后来取消:并入水利工程。$/);
		assert.equal(await refused(coordinator, 'cancel', 'bridge',
			{ reason: 'x' }), 'wrong_state');
	});

	test('can be read and done by the command line', async () => {
		const listed = await world.cli('coordinator', 'ledger', 'list',
			'--state', 'done');
		assert.equal(listed.code, 0, listed.err);
		assert.ok(listed.out.includes(entry.station));
		const done = await world.cli('coordinator', 'ledger', 'verify',
			'--entry', entry.station, '--decision', 'verified');
		assert.equal(done.code, 0, done.err);
		assert.match(done.out, /verified/);
		const shown = await world.cli('commerce-clerk', 'ledger', 'get',
			'--entry', entry.station);
		assert.match(shown.out, /建好了。/);
	});

	test('leaves a sound database and an unbroken audit', async () => {
		const [check] = await world.admin('db', 'check');
		assert.deepEqual(check.faults, []);
		const [audit] = await world.admin('audit', 'verify');
		assert.equal(audit.ok, true);
	});
});
