// SPDX-License-Identifier: Apache-2.0
// I3 on a line of Linux' own: a kiosk in a network namespace whose link goes
// down without a word and is as narrow as a village's. What goes down so is
// half open on both ends: only keepalives find it out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { Authority } from '../system/lib/pki.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, oneOf, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless } from './lib/kiosk.js';
import { Village } from './lib/village.js';

const CUTS = long ? 200 : 8;
const KEEPALIVE_S = 1;

let village, county, kiosk, whyNot = false;

try {
	village = new Village();
} catch (error) {
	whyNot = `no namespace with veth and tbf: ${error.message.split('\n')[0]}`;
}

before(async () => {
	if (whyNot)
		return;
	const settings = { host: village.address, acts_per_second: 100000,
		keepalive_seconds: KEEPALIVE_S };

	county = await County.make({ settings, prepare: ({ folder }) => {
		const authority = new Authority(`${folder}/tls`);

		Object.assign(settings, authority.issue('node', 'serverAuth', 'node',
			`IP:${village.address}`));
	} });
	kiosk = new Kiosk(county, Object.keys(county.kiosks)[0], {
		url: `wss://${village.address}:${county.port}/ws`, ahead: 300,
		ca: `${county.folder}/tls/ca.pem`, through: village.through });
});

after(async () => {
	await county?.end();
	village?.end();
});

const settled = () => kiosk.count('settled');

/** The link goes down; how long until the kiosk is served again, in ms. */
async function cut() {
	const was = settled();

	village.set('down');
	await pause(between(0, 4000 * KEEPALIVE_S));
	village.set('up');
	village.narrow(oneOf([64, 256, 1000]));
	const began = performance.now();

	await until('the kiosk is served again', () => settled() > was + 20,
		{ seconds: 60, every: 50 });
	return performance.now() - began;
}

test(`a kiosk whose link fails ${CUTS} times loses and doubles nothing`,
	{ skip: whyNot }, async () => {
		let slowest = 0, kills = 0;

		kiosk.launch();
		await until('the kiosk is served', () => settled() > 20,
			{ seconds: 30 });
		for (let i = 0; i < CUTS; i++) {
			await pause(between(0, 1000));
			if (i % 4 === 3) {
				await kiosk.kill();
				kiosk.launch();
				kills++;
			}
			slowest = Math.max(slowest, await cut());
		}
		village.narrow(1000);
		kiosk.stop();
		assert.equal((await within(60, 'all is settled', kiosk.ended)).code,
			0);
		const count = await compare(county, [kiosk]);

		say(`seed ${seed}: ${CUTS} times down, ${kills} kills, ` +
			`${count.acts} acts, ${kiosk.count('online')} sessions, ` +
			`${count.doubled} doubled, ${count.lost} lost; served again at ` +
			`most ${Math.round(slowest)} ms later`);
		assert.deepEqual(count, faultless(count));
	});
