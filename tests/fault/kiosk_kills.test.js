// SPDX-License-Identifier: Apache-2.0
// I2, I3 and I8 through libhuiyin: kiosks that submit and listen without end
// are killed at any moment, while their line is cut, delayed, flipped and
// loses acknowledgements, and nodes and PostgreSQL are killed as well.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, oneOf, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless, heldAtLast, tornNotices } from
	'./lib/kiosk.js';
import { noticesFor } from './lib/listener.js';
import { Proxy } from './lib/proxy.js';
import { Publisher, tokenOf } from './lib/publisher.js';

const KILLS = long ? 1000 : 60, ACTS = long ? 100000 : 10000;
const NOTICES = long ? 1000 : 100;
const WEATHER = { delay: 10, chop: 8000, cut: 0.004, flip: 0.001,
	'lose-acks': 0.004, blackhole: 0.0005 };

let county, proxy, kiosks, publisher, answered = 0;
const kills = { kiosk: 0, node: 0, postmaster: 0 };

const killed = () => kills.kiosk + kills.node + kills.postmaster;
const accepted = () => kiosks.reduce((n, k) => n + k.count('kept'), 0);

before(async () => {
	county = await County.make({ nodes: 2,
		settings: { acts_per_second: 100000 } });
	proxy = await Proxy.to(`127.0.0.1:${county.port}`, WEATHER);
	kiosks = Object.keys(county.kiosks).slice(0, 3).map((name) =>
		new Kiosk(county, name, { url: proxy.url, ahead: 1500 }));
	const regions = [county.county, ...Object.values(county.kiosks)];

	publisher = new Publisher(county, await tokenOf(county, 'commerce-clerk'),
		(i) => ({ kind: 'policy', headline: `通知 ${i}`,
			description: '说明'.repeat(between(1, 200)),
			audience: { regions: [oneOf(regions)] } }));
});

after(async () => {
	await proxy?.end();
	await county?.end();
});

/** One kiosk lives again and again, until it is over. */
async function endWithoutEnd(kiosk, isOver) {
	kiosk.launch();
	while (!isOver()) {
		await pause(between(0, 2000));
		await kiosk.kill();
		kills.kiosk++;
		kiosk.launch();
	}
}

/** What a node says it has answered, before it is killed. */
async function countAnswers(node) {
	answered += await node.metric('batched_acts') ?? 0;
}

const harm = {
	async node() {
		const node = oneOf(county.nodes);

		await countAnswers(node);
		await node.kill();
		kills.node++;
		await pause(between(0, 300));
		await node.start();
	},

	async postmaster() {
		await county.pg.kill(between(0, 1) === 1);
		kills.postmaster++;
		await county.pg.start();
	},

	async line() {
		const how = oneOf(['down', 'hole']);

		proxy.tell(how);
		await pause(between(50, 800));
		proxy.tell('up');
	},
};

async function harmInTurn(isOver) {
	for (let i = 0; !isOver(); i++) {
		await pause(between(300, 1200));
		await harm[['node', 'line', 'node', 'postmaster'][i % 4]]();
	}
}

test(`what kiosks accepted outlives ${KILLS} kills: each act once, in order`,
	async () => {
		let enough = false;
		const isOver = () => enough;
		const lives = kiosks.map((k) => endWithoutEnd(k, isOver));
		const harming = harmInTurn(isOver);
		const publishing = publisher.run(NOTICES, 200);

		try {
			await until('enough is killed and accepted', () =>
				killed() >= KILLS && accepted() >= ACTS,
			{ seconds: long ? 2400 : 120, every: 200 });
			/* At each kill of PostgreSQL the publisher waits as well. */
			await within(long ? 1200 : 60, 'all is published', publishing);
		} finally {
			enough = true;
			await Promise.all([...lives, harming]);
		}
		kiosks.forEach((k) => k.stop());
		const ends = await within(90, 'all is settled',
			Promise.all(kiosks.map((k) => k.ended)));

		assert.deepEqual(ends.map((e) => e.code), [0, 0, 0],
			JSON.stringify(ends));
		for (const node of county.nodes)
			await countAnswers(node);
		const count = await compare(county, kiosks);
		const rows = Number(await county.pg.value(
			'select count(*) from huiyin.act'));
		const { lost_acks, cut, flipped, connections } = await proxy.stats();

		say(`seed ${seed}: ${killed()} kills (${kills.kiosk} of kiosks, ` +
			`${kills.node} of nodes, ${kills.postmaster} of PostgreSQL), ` +
			`${cut + lost_acks + flipped} of ${connections} connections ` +
			'cut or flipped');
		say(`${count.acts} acts, at least ${answered - rows} sent again, ` +
			`${count.doubled} doubled, ${count.lost} lost, ` +
			`${count.disordered} out of order; of ${count.unwritten} a kill ` +
			'left no line');
		assert.deepEqual(count, faultless(count));
		assert.ok(answered > rows, 'nothing was sent again');
	});

test('each kiosk ends with the notices of its audience, none handed out twice',
	async () => {
		assert.deepEqual(publisher.wrong, []);
		for (const kiosk of kiosks) {
			const should = await noticesFor(county.pg, kiosk.region);

			assert.deepEqual(heldAtLast(kiosk), should.map((n) =>
				[String(n.seq), n.notice]));
			assert.equal(tornNotices(kiosk), 0);
		}
	});
