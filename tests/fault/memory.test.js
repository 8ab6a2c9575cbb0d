// SPDX-License-Identifier: Apache-2.0
// I19: every allocation may fail. The node's while a kiosk and a clerk talk
// with it, those of its start, and those of the command line. A spread sample;
// with --long each of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { between, seed, spread } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { tokenOf } from './lib/publisher.js';
import { StarvedNode } from './lib/starved_node.js';
import { Talk, login } from './lib/talk.js';
import { compareTalks } from './lib/talk_compare.js';

const TRIES = long ? Infinity : 120;
const BURSTS = long ? 300 : 16;
const LOGINS = long ? 300 : 12;
const STARTS = long ? 300 : 10;
const A_LIFE = 110; // tries

let county, kiosk, clerk, starved;
const talks = [];

before(async () => {
	county = await County.make({ nodes: 0 });
	[kiosk] = Object.keys(county.kiosks);
	starved = await StarvedNode.make(county, kiosk);
	await starved.start();
	clerk = await tokenOf(county, 'commerce-clerk');
});

after(() => county.end());

async function talk() {
	const said = new Talk(county, starved.node.url, kiosk, clerk);

	talks.push(said);
	try {
		await said.once();
	} finally {
		said.leave();
	}
	assert.deepEqual(said.violations, []);
}

/** How many allocations belong to it; the first times need more. */
async function allocationsOf(what) {
	for (let i = 0; i < 4; i++)
		await what();
	const before = starved.starver.seen;

	await what();
	return starved.starver.seen - before;
}

/** A node that has just begun has not yet all it keeps. */
async function newLife() {
	await starved.stop();
	await starved.start();
	await allocationsOf(talk);
	return { kept: starved.starver.kept, talks: talks.length };
}

/** What is kept of a talk: its notice and the frame of it. */
function assertNothingLeaks(since) {
	const more = starved.starver.kept - since.kept;

	assert.ok(more <= 2 * (talks.length - since.talks) + 300,
		`${more} pieces more after ${talks.length - since.talks} talks`);
}

/** what() with each of the numbers failing; how often one did fail. */
async function tryAll(numbers, many, what) {
	let hits = 0, since = await newLife();

	for (const [i, n] of numbers.entries()) {
		if (i % A_LIFE === A_LIFE - 1) {
			assertNothingLeaks(since);
			since = await newLife();
		}
		hits += await starved.without(n, many(), what) > 0;
	}
	assertNothingLeaks(since);
	return hits;
}

test('a conversation outlives any failing allocation of the node',
	async () => {
		const most = await allocationsOf(talk);
		const numbers = spread(most, TRIES);
		const hits = await tryAll(numbers, () => 1, talk);

		say(`seed ${seed}: a conversation of ${most} allocations, ` +
			`${hits} of them failed one by one`);
		assert.ok(hits > numbers.length * 0.8, 'hardly anything failed');
	});

test('a conversation outlives bursts of failing allocations', async () => {
	const most = await allocationsOf(talk);
	const hits = await tryAll(spread(most, BURSTS), () => between(2, 20),
		talk);

	say(`${hits} bursts of 2 to 20 allocations failed`);
	assert.ok(hits > BURSTS * 0.8, 'hardly anything failed');
});

test('a login by password outlives any failing allocation', async () => {
	const enter = () => login(county, starved.node.url, 'commerce-approver');
	const most = await allocationsOf(enter);
	const hits = await tryAll(spread(most, LOGINS), () => 1, enter);

	say(`a login of ${most} allocations, ${hits} of them failed`);
});

test('what was acknowledged meanwhile is stored, once and as it was said',
	async () => {
		const count = await compareTalks(county.pg, talks);

		say(`${count.acknowledged} acts acknowledged in ${talks.length} ` +
			`conversations, ${count.repeats} said again`);
		assert.deepEqual(count.wrong, []);
		assert.ok(count.repeats > 0);
	});

test('a start without an allocation ends with a message or serves',
	async () => {
		const ends = { served: 0, ended: 0 };

		await starved.stop();
		await starved.begin(0, 0);
		const most = starved.starver.seen;
		for (const n of spread(most, STARTS))
			ends[await starved.begin(n, 1)]++;
		say(`a start of ${most} allocations: ${ends.served} nodes served, ` +
			`${ends.ended} ended with a message`);
	});
