// SPDX-License-Identifier: Apache-2.0
// A ref names an act for ever: the same again is the same act.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newRef } from './lib/ref.js';
import { county, feedback, notice } from './lib/world.js';

describe('a ref', () => {
	const its = county({ nodes: 2 });
	let world, one, two, name, village;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		name = `${village}-1`;
		one = await world.kiosk(name);
		two = await world.kiosk(name, {}, { node: world.nodes[1] });
	});

	const count = async () =>
		Number(await world.pg.value('select count(*) from huiyin.feedback'));

	test('gives the same receipt and key again, at either node', async () => {
		const ref = newRef();
		const params = feedback(village);
		const before = await count();
		const first = await one.act('feedback.submit', params, ref);
		assert.deepEqual(await one.act('feedback.submit', params, ref), first);
		assert.deepEqual(await two.act('feedback.submit', params, ref), first);
		assert.deepEqual(await two.act('feedback.submit', params,
			ref.toUpperCase()), first);
		assert.equal(await count(), before + 1);
	});

	test('is settled once when both nodes get it at the same moment',
		async () => {
			const before = await count();
			const refs = Array.from({ length: 200 }, () => newRef());
			const params = feedback(village);
			const say = (peer) => Promise.all(refs.map((ref) =>
				peer.act('feedback.submit', params, ref)));
			const [here, there] = await Promise.all([say(one), say(two)]);
			assert.deepEqual(here, there);
			assert.equal(new Set(here.map((r) => r.receipt)).size, 200);
			assert.equal(new Set(here.map((r) => r.key)).size, 200);
			assert.equal(await count(), before + 200);
		});

	test('twice in one breath gives one receipt', async () => {
		const ref = newRef();
		const before = await count();
		const params = feedback(village);
		const socket = await world.kiosk(name);
		const answers = [];
		socket.socket.on('message', (m) => answers.push(JSON.parse(m)));
		const text = JSON.stringify({ jsonrpc: '2.0', id: ref,
			method: 'feedback.submit', params });
		socket.raw(text);
		socket.raw(text);
		await socket.act('feedback.submit', params);
		while (answers.filter((a) => a.id === ref).length < 2)
			await socket.settle();
		const [a, b] = answers.filter((x) => x.id === ref);
		assert.deepEqual(a, b);
		assert.equal(await count(), before + 2);
	});

	test('with other content, another act or another author is a conflict',
		async () => {
			const ref = newRef();
			await one.act('feedback.submit', feedback(village), ref);
			const before = await count();
			const other = await world.kiosk(
				`${world.townships[world.here][1]}-1`);
			const visitor = await world.visitor();
			const clerk = await world.staff('commerce-clerk');
			for (const [peer, act, params] of [
				[one, 'feedback.submit', feedback(village, { text: 'other' })],
				[two, 'feedback.submit', feedback(village, { text: 'other' })],
				[other, 'feedback.submit', feedback(village)],
				[visitor, 'feedback.submit', feedback(village)],
				[clerk, 'notice.publish', notice([world.here])]]) {
				const why = await peer.refused(act, params, ref);
				assert.equal(why.tag, 'conflict');
				assert.equal(why.path, undefined);
				assert.doesNotMatch(JSON.stringify(why.error), /HY-/);
			}
			assert.equal(await count(), before);
		});

	test('the same fields in another order are the same content', async () => {
		const ref = newRef();
		const params = feedback(village, { submitter: { kind: 'farmer',
			name: 'A' }, anonymous: true });
		const reversed = Object.fromEntries(Object.entries(params).reverse());
		assert.deepEqual(await one.act('feedback.submit', params, ref),
			await one.act('feedback.submit', reversed, ref));
	});

	test('is not used up by a refusal', async () => {
		const ref = newRef();
		const bad = feedback(village, { service: 'nonsense' });
		assert.equal((await one.refused('feedback.submit', bad, ref)).tag,
			'unknown_service');
		assert.equal((await one.refused('feedback.submit',
			feedback(village, { text: '' }), ref)).tag, 'out_of_bounds');
		const done = await one.act('feedback.submit', feedback(village), ref);
		assert.match(done.receipt, /^HY-/);
	});

	test('publishes a notice once', async () => {
		const clerk = await world.staff('commerce-clerk');
		const ref = newRef();
		const params = notice([world.here], { headline: 'once' });
		const first = await clerk.act('notice.publish', params, ref);
		assert.deepEqual(await clerk.act('notice.publish', params, ref),
			first);
		const heard = [await one.news('notice')];
		await clerk.act('notice.publish', notice([world.here]));
		await one.news('notice', (n) => n.headline !== 'once');
		assert.deepEqual(one.heard('notice'), []);
		assert.equal(heard[0].notice, first.notice);
	});

	test('answers a feedback once', async () => {
		const clerk = await world.staff('office-clerk');
		const { receipt } = await one.act('feedback.submit',
			feedback(village));
		const ref = newRef();
		const params = { receipt, text: 'so', outcome: 'explained' };
		const coordinator = await world.staff('coordinator');
		const first = await coordinator.act('feedback.answer', params, ref);
		assert.deepEqual(await coordinator.act('feedback.answer', params, ref),
			first);
		assert.equal((await clerk.refused('feedback.answer', params)).tag,
			'wrong_state');
	});

	test('outlives its author\'s right to act', async () => {
		const other = `${world.townships[world.there][0]}-1`;
		const peer = await world.kiosk(other);
		const ref = newRef();
		const first = await peer.act('feedback.submit', feedback(village),
			ref);
		await world.admin('kiosk', 'disable', other);
		await world.admin('kiosk', 'enable', other);
		const again = await world.kiosk(other);
		assert.deepEqual(await again.act('feedback.submit',
			feedback(village), ref), first);
	});

	test('survives kill -9 of both nodes', async () => {
		const ref = newRef();
		const first = await one.act('feedback.submit', feedback(village), ref);
		for (const node of world.nodes)
			await node.kill();
		for (const node of world.nodes)
			await node.start();
		const back = await world.kiosk(name, {}, { node: world.nodes[1] });
		assert.deepEqual(await back.act('feedback.submit', feedback(village),
			ref), first);
	});
});
