// SPDX-License-Identifier: Apache-2.0
// I5 and I19 in a kiosk that runs for long: whichever allocation fails while it
// submits, hears notices, is settled and connects anew, it goes on, and loses
// nothing that it accepted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { until, within } from '../system/lib/wait.js';
import { notice } from '../system/lib/world.js';
import { between, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless, heldAtLast, tornNotices } from
	'./lib/kiosk.js';
import { noticesFor } from './lib/listener.js';
import { Proxy } from './lib/proxy.js';
import { Starver, readable } from './lib/starve.js';

const TRIES = long ? 4000 : 80;
const FAR = 300, FAR_CONNECTING = 6000; // allocations ahead
const BURSTS = 10; // each so many tries

let county, proxy, starver, kiosk;

before(async () => {
	county = await County.make({ settings: { acts_per_second: 100000 } });
	proxy = await Proxy.to(`127.0.0.1:${county.port}`);
	starver = new Starver(`${county.folder}/kiosk`);
	kiosk = new Kiosk(county, Object.keys(county.kiosks)[0], { ahead: 64,
		url: proxy.url, environment: starver.environment() });
});

after(async () => {
	starver?.end();
	await proxy?.end();
	await county?.end();
});

const online = () => kiosk.count('online');

/**
 * One allocation fails, or a few, at work or while it connects anew; then it is
 * served again, after what back-off there is.
 */
async function starve(i) {
	const connecting = i % 20 === 19, was = kiosk.count('settled');
	const sessions = online();
	const many = i % BURSTS === 0 ? between(2, 20) : 1;

	if (connecting) {
		proxy.tell('down');
		proxy.tell('up');
	}
	starver.arm(between(1, connecting ? FAR_CONNECTING : FAR), many);
	/* What got lost on a line that lives is missed after a minute. */
	await until('an allocation has failed', () => starver.left < many ||
		!kiosk.isAlive || (connecting && online() > sessions),
	{ seconds: 90, every: 2 });
	/*
	 * A burst that has cost the line goes on with the dials, each of which
	 * takes one of it and waits twice as long as the one before: then it is
	 * over.
	 */
	await until('the burst is over', () => starver.left === 0 ||
		!kiosk.isAlive, { seconds: 3, every: 2 }).catch(() => {});
	if (!kiosk.isAlive)
		assert.fail(`${JSON.stringify(await kiosk.ended)}\n` +
			readable(starver.places.at(-1) ?? ''));
	starver.disarm();
	await until('it is served again', () =>
		kiosk.count('settled') > was + 5, { seconds: 60 });
}

test(`a kiosk outlives ${TRIES} times that an allocation fails`, async () => {
	const clerk = await county.staff('commerce-clerk');

	kiosk.launch();
	await until('the kiosk is served', () => kiosk.count('settled') > 100);
	for (let i = 0; i < TRIES; i++) {
		await starve(i);
		if (i % 5 === 0)
			await clerk.act('notice.publish',
				notice([county.county]));
	}
	starver.disarm();
	const sessions = online();

	await kiosk.kill();
	kiosk.environment.LD_PRELOAD = '';
	kiosk.launch();
	kiosk.stop();
	assert.equal((await within(60, 'all is settled', kiosk.ended)).code, 0);
	const count = await compare(county, [kiosk]);
	const should = await noticesFor(county.pg, kiosk.region);

	say(`seed ${seed}: ${starver.places.length} allocations failed, ` +
		`${count.acts} acts, ${kiosk.count('not')} not kept, ` +
		`${sessions} sessions, ${should.length} notices, ` +
		`${count.lost} lost`);
	assert.deepEqual(count, faultless(count));
	assert.deepEqual(heldAtLast(kiosk), should.map((n) =>
		[String(n.seq), n.notice]));
	assert.equal(tornNotices(kiosk), 0);
});
