// SPDX-License-Identifier: Apache-2.0
// I7 and I8: many publish at once while nodes are killed in turn; kiosks
// behind a bad network come back with their cursors again and again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, oneOf, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Listener, keptBy, noticesFor } from './lib/listener.js';
import { Proxy } from './lib/proxy.js';
import { Publisher, tokenOf } from './lib/publisher.js';

const PUBLISHERS = 20, EACH = long ? 500 : 50, KIOSKS = 50;

let county, proxy, listeners, runs, publishers;

before(async () => {
	county = await County.make({ nodes: 2 });
	proxy = await Proxy.to(`127.0.0.1:${county.port}`,
		{ delay: 5, chop: 4000, cut: 0.001, blackhole: 0.0002 });
	const names = Object.keys(county.kiosks);

	listeners = Array.from({ length: KIOSKS }, (_, i) =>
		new Listener(county, names[i % names.length], { url: proxy.url }));
	runs = listeners.map((l) => l.run());
	await until('all kiosks are there', () =>
		listeners.every((l) => l.epoch), { seconds: 60 });
});

after(async () => {
	listeners?.forEach((l) => l.stop());
	await Promise.all(runs ?? []);
	await proxy?.end();
	await county?.end();
});

/** Kills one node after the other until it is over; how many times. */
async function killInTurn(isOver) {
	let kills = 0;

	while (!isOver()) {
		await pause(between(1000, 2500));
		const node = county.nodes[kills++ % 2];

		await node.kill();
		await pause(between(0, 300));
		await node.start();
	}
	return kills;
}

test('each kiosk ends with the notices of its audience, in order, none twice',
	async () => {
		const villages = Object.values(county.kiosks);
		const regions = [county.county, ...Object.keys(county.townships),
			...villages];
		const clerk = await tokenOf(county, 'commerce-clerk');
		let over = false;

		publishers = Array.from({ length: PUBLISHERS }, (_, p) =>
			new Publisher(county, clerk, (i) => ({ kind: 'policy',
				headline: `${p}/${i} 通知`,
				description: `第 ${i} 号 ${'说明'.repeat(between(1, 200))}`,
				audience: { regions: [oneOf(regions)] } })));
		const killing = killInTurn(() => over);

		await within(long ? 1500 : 150, 'all is published',
			Promise.all(publishers.map((p) => p.run(EACH, 400))));
		over = true;
		const kills = await killing;

		assert.deepEqual(publishers.flatMap((p) => p.wrong), []);
		for (const listener of listeners) {
			const should = await noticesFor(county.pg, listener.region);

			await until(`${listener.name} has caught up`, () =>
				listener.kept.at(-1)?.seq >= should.at(-1).seq,
			{ seconds: 30 });
			assert.deepEqual(keptBy(listener), should);
		}
		const sum = (of) => listeners.reduce((n, l) => n + of(l), 0);

		say(`seed ${seed}: ${PUBLISHERS * EACH} notices, ${kills} kills, ` +
			`${sum((l) => l.kept.length)} deliveries over ` +
			`${sum((l) => l.connections)} connections, 0 missing`);
		assert.deepEqual(listeners.flatMap((l) => l.wrong), []);
	});

test('each publication has one number, from 1 to the last without a gap',
	async () => {
		const said = publishers.flatMap((p) => p.published)
			.map(({ notice, seq }) => [String(seq), notice]);
		const rows = await county.pg.rows('select seq, notice ' +
			'from huiyin.notice where seq is not null order by seq');
		const bySeq = (a, b) => a[0] - b[0];

		assert.deepEqual(rows, said.sort(bySeq));
		assert.deepEqual(rows.map(([seq]) => Number(seq)),
			rows.map((_, i) => i + 1));
	});

test('who came back with a cursor was sent what was missed, no more', () => {
	assert.ok(listeners.some((l) => l.replays.since > 0));
	assert.deepEqual(listeners.filter((l) => l.anew > 0), []);
});
