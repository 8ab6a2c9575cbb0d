// SPDX-License-Identifier: Apache-2.0
// Receipts and reach: forwards only, once, and with the denominator.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, notice } from './lib/world.js';

const at = '2026-01-01T08:00:00+08:00';

describe('receipts', () => {
	const its = county();
	let world, clerk, kiosks;

	before(async () => {
		world = its.world;
		clerk = await world.staff('commerce-clerk');
		kiosks = await Promise.all(Object.keys(world.kiosks).map((name) =>
			world.kiosk(name)));
	});

	const publish = async (regions, more) =>
		(await clerk.act('notice.publish', notice(regions, more))).notice;

	async function reach(id) {
		const { addressed, delivered, shown, read, understood,
			misunderstood } = await clerk.act('notice.reach', { notice: id });
		return [addressed, delivered, shown, read, understood, misunderstood];
	}

	const say = (kiosk, id, state) =>
		kiosk.act('notice.receipt', { notice: id, state, at });

	test('a later state counts as the earlier ones', async () => {
		const id = await publish([world.county]);
		const states = ['delivered', 'shown', 'read', 'understood',
			'misunderstood'];
		for (const [i, state] of states.entries())
			await say(kiosks[i], id, state);
		assert.deepEqual(await reach(id), [9, 5, 4, 3, 1, 1]);
	});

	test('never twice and never backwards', async () => {
		const id = await publish([world.county]);
		for (const state of ['read', 'read', 'shown', 'delivered'])
			await say(kiosks[0], id, state);
		assert.deepEqual(await reach(id), [9, 1, 1, 1, 0, 0]);
		await say(kiosks[0], id, 'misunderstood');
		await say(kiosks[0], id, 'understood');
		assert.deepEqual(await reach(id), [9, 1, 1, 1, 0, 1]);
	});

	test('two sessions of a kiosk count once', async () => {
		const id = await publish([world.here]);
		const [name] = Object.keys(world.kiosks);
		const twin = await world.kiosk(name);
		await Promise.all([say(kiosks[0], id, 'shown'),
			say(twin, id, 'shown')]);
		assert.deepEqual(await reach(id), [3, 1, 1, 0, 0, 0]);
	});

	test('many at once, of several notices, also the same twice', async () => {
		const ids = [];
		for (let i = 0; i < 4; i++)
			ids.push(await publish([world.here]));
		const items = [];
		for (let i = 0; i < 64; i++)
			for (const id of ids)
				items.push({ notice: id, at,
					state: ['delivered', 'shown', 'read'][i % 3] });
		assert.deepEqual(await kiosks[1].act('notice.receipt', { items }), {});
		for (const id of ids)
			assert.deepEqual(await reach(id), [3, 1, 1, 1, 0, 0]);
	});

	test('a receipt for what was not addressed to the kiosk counts nowhere',
		async () => {
			const id = await publish([world.there]);
			const why = await kiosks[0].refused('notice.receipt',
				{ notice: id, state: 'read', at });
			assert.equal(why.tag, 'not_found');
			assert.equal(why.path, 'notice');
			assert.deepEqual(await reach(id), [3, 0, 0, 0, 0, 0]);
			const many = await kiosks[0].refused('notice.receipt', { items: [
				{ notice: await publish([world.here]), state: 'read', at },
				{ notice: 'N-nothing', state: 'read', at }] });
			assert.equal(many.tag, 'not_found');
			assert.equal(many.path, 'items[1].notice');
		});

	test('the denominator is what was enrolled and active at publication',
		async () => {
			const [, , third] = world.townships[world.third];
			await world.admin('kiosk', 'disable', `${third}-1`);
			const before = await publish([world.third]);
			await world.admin('kiosk', 'enable', `${third}-1`);
			const later = await publish([world.third]);
			assert.equal((await reach(before))[0], 2);
			assert.equal((await reach(later))[0], 3);
			await world.admin('kiosk', 'add', `S-${third}`, '--name',
				'not-enrolled');
			assert.equal((await reach(await publish([world.third])))[0], 3);
		});

	test('a notice for other roles addresses no kiosk', async () => {
		const { notice: id } = await clerk.act('notice.publish', {
			...notice([]), audience: { regions: [world.county],
				roles: ['visitor'] } });
		assert.deepEqual(await reach(id), [0, 0, 0, 0, 0, 0]);
	});

	test('reach is told by township, and the townships add up', async () => {
		const id = await publish([world.county]);
		for (const name of Object.keys(world.kiosks))
			await say(await world.kiosk(name), id, 'delivered');
		const all = await clerk.act('notice.reach', { notice: id });
		assert.equal(all.by.length, 3);
		const sum = (key) => all.by.reduce((n, row) => n + row[key], 0);
		assert.equal(sum('addressed'), all.addressed);
		assert.equal(sum('delivered'), all.delivered);
		assert.ok(all.by.every((row) => row.name && row.delivered === 3));
	});
});
