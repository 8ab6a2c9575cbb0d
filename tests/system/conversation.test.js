// SPDX-License-Identifier: Apache-2.0
// The demo conversation: a notice goes out, a feedback comes in, an answer
// goes back.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, feedback, notice } from './lib/world.js';

describe('the conversation of the county', () => {
	const its = county({ nodes: 2 });
	let world, clerk, kiosk, elsewhere, published, filed;

	before(async () => {
		world = its.world;
		const [one] = world.townships[world.here];
		const [far] = world.townships[world.there];
		clerk = await world.staff('commerce-clerk');
		kiosk = await world.kiosk(`${one}-1`, {}, { node: world.nodes[1] });
		elsewhere = await world.kiosk(`${far}-1`);
	});

	test('a clerk is greeted with role, department and region', () => {
		assert.deepEqual(clerk.greeting.roles, ['clerk']);
		assert.equal(clerk.greeting.department.code, 'commerce');
		assert.equal(clerk.greeting.region, world.county);
	});

	test('a notice reaches a kiosk of its township at the other node',
		async () => {
			published = await clerk.act('notice.publish',
				notice([world.here], { ack: 'read' }));
			const heard = await kiosk.news('notice');
			assert.equal(heard.notice, published.notice);
			assert.equal(heard.seq, published.seq);
			assert.equal(heard.headline, '茶叶补贴');
			assert.deepEqual(heard.audience.regions, [world.here]);
			assert.equal(heard.ack, 'read');
			assert.equal(heard.instruction, null);
			assert.equal(heard.lang, 'zh-CN');
		});

	test('kiosks elsewhere hear nothing of it', async () => {
		const second = await clerk.act('notice.publish',
			notice([world.there], { headline: 'for elsewhere' }));
		const heard = await elsewhere.news('notice');
		assert.equal(heard.notice, second.notice);
		assert.deepEqual(elsewhere.heard('notice'), []);
		await kiosk.settle();
		assert.deepEqual(kiosk.heard('notice'), []);
	});

	test('its reach is told with the denominator', async () => {
		await kiosk.act('notice.receipt', { notice: published.notice,
			state: 'read', at: '2026-01-01T08:00:00+08:00' });
		const reach = await clerk.act('notice.reach',
			{ notice: published.notice });
		assert.deepEqual({ ...reach, by: reach.by.length }, {
			notice: published.notice, addressed: 3, delivered: 1, shown: 1,
			read: 1, understood: 0, misunderstood: 0, by: 1 });
		assert.equal(reach.by[0].region, world.here);
		assert.equal(reach.by[0].addressed, 3);
	});

	test('a feedback about it comes to the department at once', async () => {
		const [village] = world.townships[world.here];
		filed = await kiosk.act('feedback.submit', feedback(village,
			{ about: { notice: published.notice } }));
		assert.match(filed.receipt, /^HY-422802-\d\d-\d{6}/);
		assert.match(filed.key, /^\d{16}$/);
		assert.equal(filed.state, 'dispatched');
		assert.ok(Date.parse(filed.answer_by) > Date.now());
		const inbox = await clerk.news('inbox.changed',
			(n) => n.receipt === filed.receipt);
		assert.equal(inbox.state, 'dispatched');
		const { items } = await clerk.act('feedback.list');
		assert.equal(items[0].receipt, filed.receipt);
	});

	test('the answer comes back to the kiosk that filed it', async () => {
		const done = await clerk.act('feedback.answer', {
			receipt: filed.receipt, text: '下周一。', outcome: 'resolved' });
		assert.equal(done.state, 'answered');
		const changed = await kiosk.news('feedback.changed',
			(n) => n.state === 'answered');
		assert.equal(changed.receipt, filed.receipt);
		const seen = await kiosk.act('feedback.get',
			{ receipt: filed.receipt, key: filed.key });
		assert.equal(seen.answer.text, '下周一。');
		assert.equal(seen.answer.outcome, 'resolved');
		assert.equal(seen.department.code, 'commerce');
		assert.ok(seen.history.length >= 2);
	});

	test('a kiosk that was off gets what it missed', async () => {
		const [, off] = world.townships[world.here];
		const peer = await world.kiosk(`${off}-1`, { cursor: 0 });
		assert.equal(peer.greeting.replay, 'all');
		const heard = await peer.news('notice');
		assert.equal(heard.notice, published.notice);
		const { cursor } = await peer.news('caught_up');
		assert.equal(cursor, peer.greeting.head);
	});

	test('stations show which of them are online', async () => {
		const { items } = await clerk.act('station.list',
			{ region: world.here });
		assert.equal(items.length, 3);
		const one = items.find((s) =>
			s.region === world.townships[world.here][0]);
		assert.equal(one.online, true);
	});
});
