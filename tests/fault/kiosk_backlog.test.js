// SPDX-License-Identifier: Apache-2.0
// A kiosk that was cut off for a season: a full outbox drains in order, and
// all the notices it missed come, without kiosk or node growing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { notice } from '../system/lib/world.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless, heldAtLast, tornNotices } from
	'./lib/kiosk.js';

// In CI a tenth of it.
const ACTS = long ? 50000 : 5000, NOTICES = long ? 100000 : 10000;
const OUTBOX_GROWS_KIB = 4096; // of the kiosk, above an idle one
const SHELF_GROWS_KIB = 12288; // 4096 events, at most 4 MiB, wait to be pulled
const NODE_GROWS_KIB = 24576; // 8192 notices of a replay are kept in memory
const NOBODY = 'ws://127.0.0.1:1';

let county, names, idle;

before(async () => {
	county = await County.make({ settings: { acts_per_second: 100000 } });
	names = Object.keys(county.kiosks);
	const kiosk = new Kiosk(county, names.shift(), { most: 0 });

	kiosk.launch();
	await until('an idle kiosk is there', () => kiosk.count('online') > 0);
	idle = kiosk.memory.most;
	await kiosk.kill();
});

after(() => county?.end());

/** Ends the kiosk when all is settled; the most memory of kiosk and node. */
async function watch(kiosk, isDone) {
	const most = { kiosk: 0, node: 0 };
	let over = false;

	const watching = (async () => {
		while (!over) {
			most.kiosk = kiosk.memory.most;
			most.node = Math.max(most.node, county.nodes[0].memory);
			await pause(100);
		}
	})();
	try {
		await until('all has come', isDone,
			{ seconds: long ? 900 : 100, every: 100 });
	} finally {
		over = true;
		await watching;
	}
	kiosk.stop();
	assert.equal((await within(60, 'the end', kiosk.ended)).code, 0);
	return most;
}

const sayMemory = (what, most, before, seconds) =>
	say(`${what} in ${seconds.toFixed(1)} s; kiosk at most ${most.kiosk} KiB ` +
		`(idle ${idle}), node ${most.node} KiB (before ${before})`);

test(`an outbox of ${ACTS} acts drains in order, and nobody grows`,
	async () => {
		const kiosk = new Kiosk(county, names.shift(), { url: NOBODY,
			most: ACTS, ahead: 1e9 });

		kiosk.launch();
		await until('the outbox is full', () => kiosk.count('kept') === ACTS,
			{ seconds: long ? 600 : 100, every: 200 });
		await kiosk.kill();
		kiosk.url = county.url;
		const before = county.nodes[0].memory, began = performance.now();

		kiosk.launch();
		const most = await watch(kiosk,
			() => kiosk.count('settled') === ACTS);

		sayMemory(`${ACTS} acts`, most, before,
			(performance.now() - began) / 1000);
		const count = await compare(county, [kiosk]);

		assert.deepEqual(count, faultless({ acts: ACTS, unwritten: 0 }));
		assert.ok(most.kiosk < idle + OUTBOX_GROWS_KIB);
		assert.ok(most.node < before + NODE_GROWS_KIB);
	});

/** By one department, as fast as its session takes it. */
async function publishMany() {
	const clerk = await county.staff('commerce-clerk');
	let next = 0;

	await Promise.all(Array.from({ length: 64 }, async () => {
		while (next++ < NOTICES)
			await clerk.act('notice.publish', notice([county.county], {
				headline: `通知 ${next}`, description: '说明'.repeat(100) }));
	}));
	clerk.kill();
}

test(`${NOTICES} notices that were missed come in order, and nobody grows`,
	async () => {
		const kiosk = new Kiosk(county, names.shift(), { most: 0 });

		await publishMany();
		const before = county.nodes[0].memory, began = performance.now();

		kiosk.launch();
		const most = await watch(kiosk,
			() => kiosk.count('heard') === NOTICES);

		sayMemory(`${NOTICES} notices`, most, before,
			(performance.now() - began) / 1000);
		assert.equal(tornNotices(kiosk), 0);
		assert.deepEqual(heldAtLast(kiosk), await county.pg.rows(
			'select seq, notice from huiyin.notice order by seq'));
		assert.ok(most.kiosk < idle + SHELF_GROWS_KIB);
		assert.ok(most.node < before + NODE_GROWS_KIB);
	});
