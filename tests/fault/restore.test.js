// SPDX-License-Identifier: Apache-2.0
// I10: a backup is restored under living nodes; other notices get the numbers
// of those that are lost. Every kiosk ends with what the table says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { feedback } from '../system/lib/world.js';
import { until } from '../system/lib/wait.js';
import { County, say } from './lib/county.js';
import { Listener, keptBy, noticesFor } from './lib/listener.js';
import { Publisher, tokenOf } from './lib/publisher.js';

let county, here, away, runs;
const published = [];
const lostReceipts = [];

before(async () => {
	county = await County.make({ nodes: 2 });
	here = Object.keys(county.kiosks).map((n) => new Listener(county, n));
	away = Object.keys(county.kiosks).map((n) => new Listener(county, n));
	runs = [...here, ...away].map((l) => l.run());
});

after(async () => {
	[...here, ...away].forEach((l) => l.stop());
	await Promise.all(runs);
	await county.end();
});

async function publish(count, words) {
	const clerk = await tokenOf(county, 'commerce-clerk');
	const publisher = new Publisher(county, clerk, (i) => ({ kind: 'policy',
		headline: `${words} ${i}`, description: `${words} 的说明`,
		audience: { regions: [county.county] } }));

	await publisher.run(count);
	assert.deepEqual(publisher.wrong, []);
	published.push(...publisher.published);
}

/** All of them have, within a bound, exactly what the table says. */
async function haveTheTable(listeners) {
	for (const listener of listeners) {
		const should = JSON.stringify(
			await noticesFor(county.pg, listener.region));

		await until(`${listener.name} has the table's content`, () =>
			JSON.stringify(keptBy(listener)) === should, { seconds: 30 })
			.catch((error) => {
				error.message += ` ${JSON.stringify(keptBy(listener)
					.map((n) => [n.seq, n.headline]))}`;
				throw error;
			});
	}
}

const nodesAreUp = () => Promise.all(county.nodes.map((node) =>
	until('the node is ready', async () =>
		(await node.get('/ready')).status === 200, { seconds: 15 })));

async function submit(into) {
	const kiosk = await county.kiosk(Object.keys(county.kiosks)[0]);

	for (let i = 0; i < 5; i++)
		into.push((await kiosk.act('feedback.submit',
			feedback(county.kiosks[Object.keys(county.kiosks)[0]]))).receipt);
	kiosk.kill();
}

test('kiosks have what is published before and after a backup', async () => {
	await publish(20, '备份之前');
	await haveTheTable([...here, ...away]);
	await county.pg.stop();
	execFileSync('cp', ['-a', county.pg.data, `${county.folder}/backup`]);
	await county.pg.start();
	await nodesAreUp();
	await publish(10, '将会丢失');
	await submit(lostReceipts);
	await haveTheTable([...here, ...away]);
});

test('after a restore they end with the content of the table', async () => {
	away.forEach((l) => l.stop());
	await Promise.all(runs.slice(here.length));
	await county.pg.stop('SIGQUIT');
	rmSync(county.pg.data, { recursive: true });
	execFileSync('mv', [`${county.folder}/backup`, county.pg.data]);
	await county.pg.start();
	await nodesAreUp();
	await county.admin('db', 'restored');
	await publish(15, '恢复之后');
	await haveTheTable(here);
});

test('who was away during it all ends with the content too', async () => {
	for (const l of away)
		assert.equal(l.kept.length, 30);
	away.forEach((l) => l.again());
	runs.splice(here.length, away.length, ...away.map((l) => l.run()));
	await haveTheTable(away);
	say(`${here.length + away.length} kiosks, ` +
		`${await county.pg.value('select max(seq) from huiyin.notice')} notices`);
});

test('no receipt number of what was lost is given again', async () => {
	const receipts = [];

	await submit(receipts);
	assert.deepEqual(receipts.filter((r) => lostReceipts.includes(r)), []);
});
