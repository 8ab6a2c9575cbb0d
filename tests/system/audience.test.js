// SPDX-License-Identifier: Apache-2.0
// Who hears what: regions, roles, departments' rights, approval.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, notice } from './lib/world.js';

describe('the audience of a notice', () => {
	const its = county();
	let world, clerk, kiosks;

	// Publishes and says which of the kiosks (by village) heard it.
	async function heardBy(audience) {
		const { seq } = await clerk.act('notice.publish',
			{ ...notice([]), audience });
		const end = await clerk.act('notice.publish',
			notice([world.county], { headline: 'end' }));
		const heard = [];
		for (const [village, peer] of kiosks) {
			await peer.news('notice', (n) => n.seq === end.seq);
			if (peer.heard('notice').some((n) => n.seq === seq))
				heard.push(village);
		}
		return heard;
	}

	before(async () => {
		world = its.world;
		clerk = await world.staff('commerce-clerk');
		kiosks = new Map();
		for (const [name, village] of Object.entries(world.kiosks))
			kiosks.set(village, await world.kiosk(name));
	});

	test('a village, a township, several, the whole county', async () => {
		const { here, there, townships } = world;
		const [one] = townships[here];
		assert.deepEqual(await heardBy({ regions: [one] }), [one]);
		assert.deepEqual(await heardBy({ regions: [there] }),
			townships[there]);
		assert.deepEqual((await heardBy({ regions: [one, there] })).sort(),
			[one, ...townships[there]].sort());
		assert.deepEqual(await heardBy({ regions: [world.county] }),
			[...kiosks.keys()]);
	});

	test('a region named twice is heard once', async () => {
		const [one] = world.townships[world.here];
		const { seq } = await clerk.act('notice.publish',
			notice([one, world.here, world.county, one]));
		const peer = kiosks.get(one);
		await peer.news('notice', (n) => n.seq === seq);
		await clerk.act('notice.publish', notice([one]));
		await peer.news('notice', (n) => n.seq > seq);
		assert.deepEqual(peer.heard('notice').filter((n) => n.seq === seq),
			[]);
	});

	test('roles narrow it', async () => {
		const keeper = await world.staff('keeper');
		const { seq } = await clerk.act('notice.publish', { ...notice([]),
			audience: { regions: [world.county], roles: ['keeper'] } });
		assert.equal((await keeper.news('notice')).seq, seq);
		assert.deepEqual(await heardBy({ regions: [world.county],
			roles: ['clerk', 'visitor'] }), []);
	});

	test('a visitor hears of the region it named, and without one nothing',
		async () => {
			const at = await world.visitor(world.here);
			const nowhere = await world.visitor();
			const { seq } = await clerk.act('notice.publish',
				notice([world.here]));
			assert.equal((await at.news('notice')).seq, seq);
			await nowhere.settle();
			assert.deepEqual(nowhere.heard('notice'), []);
		});

	test('a department addresses its own region and below, nothing else',
		async () => {
			const local = await world.staff('township-clerk');
			const [village] = world.townships[world.here];
			await local.act('notice.publish', notice([world.here]));
			await local.act('notice.publish', notice([village]));
			for (const regions of [[world.there], [world.county],
				[village, world.townships[world.there][0]]]) {
				const why = await local.refused('notice.publish',
					notice(regions));
				assert.equal(why.tag, 'not_your_region');
				assert.match(why.path, /^audience\.regions\[\d\]$/);
			}
		});

	test('a region that does not exist is named by its place', async () => {
		const why = await clerk.refused('notice.publish',
			notice([world.here, '422802999999']));
		assert.equal(why.tag, 'unknown_region');
		assert.equal(why.path, 'audience.regions[1]');
	});

	for (const field of ['headline', 'description', 'instruction'])
		test(`a notice whose ${field} says nothing is refused`, async () => {
			const why = await clerk.refused('notice.publish',
				notice([world.here], { [field]: ' \u3000\n' }));
			assert.equal(why.tag, 'blank');
			assert.equal(why.path, field);
		});

	test('a notice that expired before it was published is refused',
		async () => {
			const why = await clerk.refused('notice.publish',
				notice([world.here], { expires: '2020-01-01T00:00:00+08:00' }));
			assert.equal(why.tag, 'past');
			assert.match(why.allow, /still to come/);
			assert.equal(why.path, 'expires');
		});
});

describe('a department where somebody else has to approve', () => {
	const its = county();
	let world, clerk, approver, draft;

	before(async () => {
		world = its.world;
		clerk = await world.staff('strict-clerk');
		approver = await world.staff('strict-approver');
	});

	test('nobody publishes directly', async () => {
		for (const peer of [clerk, approver])
			assert.equal((await peer.refused('notice.publish',
				notice([world.here]))).tag, 'needs_approval');
	});

	test('a draft waits where only its department sees it', async () => {
		draft = await clerk.act('notice.draft', notice([world.here],
			{ headline: 'a draft' }));
		assert.equal(draft.state, 'in_review');
		const { items } = await approver.act('notice.drafts');
		assert.equal(items.length, 1);
		assert.equal(items[0].notice, draft.notice);
		assert.equal(items[0].author, 'strict-clerk');
		const other = await world.staff('commerce-approver');
		assert.deepEqual((await other.act('notice.drafts')).items, []);
		assert.equal((await other.refused('notice.publish',
			{ notice: draft.notice })).tag, 'not_found');
	});

	test('neither its author nor a clerk publishes it', async () => {
		const why = await clerk.refused('notice.publish',
			{ notice: draft.notice });
		assert.ok(['own_draft', 'not_allowed'].includes(why.tag), why.tag);
		const own = await approver.act('notice.draft', notice([world.here]));
		assert.equal((await approver.refused('notice.publish',
			{ notice: own.notice })).tag, 'own_draft');
	});

	test('the approver publishes it, once', async () => {
		const kiosk = await world.kiosk(
			`${world.townships[world.here][0]}-1`);
		await approver.act('notice.publish', { notice: draft.notice });
		assert.equal((await kiosk.news('notice')).headline, 'a draft');
		const why = await approver.refused('notice.publish',
			{ notice: draft.notice });
		assert.ok(['wrong_state', 'already'].includes(why.tag), why.tag);
	});
});
