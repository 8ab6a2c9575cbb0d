// SPDX-License-Identifier: Apache-2.0
// I32: the clocks of kiosks do not matter. They boot in 1970, they jump by
// days in both directions, and the monotonic clock goes on, as it does.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Authority } from '../system/lib/pki.js';
import { pause, until, within } from '../system/lib/wait.js';
import { notice } from '../system/lib/world.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless, heldAtLast } from './lib/kiosk.js';

const BOOT = '@1970-01-01 08:00:30', WRONG = '@2040-06-01 00:00:00';
const DAY = 86400;
const JUMPS = ['+0', `-${DAY}`, `+${DAY}`, '+0', BOOT, `+${10 * DAY}`,
	`-${400 * DAY}`, '@1999-12-31 23:59:58', `+${DAY}`, '+0'];
const library = findLibrary();
const skip = library ? false : 'no libfaketime';

let county, names;

/** libfaketime, wherever this architecture keeps it. */
function findLibrary() {
	for (const folder of readdirSync('/usr/lib')) {
		const place = `/usr/lib/${folder}/faketime`;

		try {
			const name = readdirSync(place).find((file) =>
				file.startsWith('libfaketimeMT.so'));

			if (name)
				return `${place}/${name}`;
		} catch {
			// not there
		}
	}
	return undefined;
}

before(async () => {
	county = await County.make({ settings: { acts_per_second: 100000 } });
	names = Object.keys(county.kiosks);
});

after(() => county?.end());

/** A kiosk whose clock is what the test says: setClock(). */
function clockwork(clock, options = {}) {
	const name = names.shift(), file = `${county.folder}/${name}.clock`;
	const kiosk = new Kiosk(county, name, { ahead: 64, ...options,
		environment: { LD_PRELOAD: library, FAKETIME_NO_CACHE: '1',
			FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_TIMESTAMP_FILE: file,
			...options.environment } });

	kiosk.setClock = (to) => writeFileSync(file, `${to}\n`);
	kiosk.setClock(clock);
	return kiosk;
}

async function served(kiosk, seconds = 20) {
	const was = kiosk.count('settled');

	await until(`${kiosk.name} is served`, () =>
		kiosk.count('settled') > was + 100 || !kiosk.isAlive, { seconds });
}

async function finish(kiosk) {
	kiosk.stop();
	const { code, words } = await within(60, 'all is settled', kiosk.ended);

	assert.equal(code, 0, words);
	const count = await compare(county, [kiosk]);

	assert.deepEqual(count, faultless(count));
	return count;
}

/** When the first 48 bits of a UUIDv7 say it was made. */
const madeAt = (ref) => new Date(parseInt(ref.replace('-', '').slice(0, 12),
	16));

test('a kiosk that boots in 1970 is served, though it knows nothing else',
	{ skip }, async () => {
		const kiosk = clockwork(BOOT);

		kiosk.launch();
		await served(kiosk);
		const { acts } = await finish(kiosk);
		const ref = kiosk.lines().find(([word]) => word === 'kept')[2];

		assert.equal(madeAt(ref).getUTCFullYear(), 1970);
		say(`1970: ${acts} acts, the first by the ref ${ref}`);
	});

test('a clock that jumps by days under a session changes nothing', { skip },
	async () => {
		const kiosk = clockwork('+0');

		kiosk.launch();
		await served(kiosk);
		for (const jump of JUMPS) {
			kiosk.setClock(jump);
			await served(kiosk);
		}
		const { acts } = await finish(kiosk);

		say(`${JUMPS.length} jumps: ${acts} acts, in order`);
		assert.equal(kiosk.count('online'), 1, 'the session was lost');
	});

test('a kiosk that comes anew after each jump loses and doubles nothing',
	{ skip }, async () => {
		const kiosk = clockwork('+0');
		let slowest = 0;

		for (const jump of JUMPS) {
			const began = performance.now();

			kiosk.setClock(jump);
			kiosk.launch();
			await served(kiosk);
			slowest = Math.max(slowest, performance.now() - began);
			await kiosk.kill();
		}
		kiosk.launch();
		const { acts } = await finish(kiosk);

		say(`${JUMPS.length} lives: ${acts} acts, served at most ` +
			`${Math.round(slowest)} ms after`);
	});

test('in 2040 acts are kept, and sent when the clock is put right', { skip },
	async () => {
		const kiosk = clockwork(WRONG);

		kiosk.launch();
		await until('it says why', () => kiosk.lines().some((words) =>
			words.join(' ').startsWith('offline untrusted')));
		assert.match(kiosk.lines().find(([word]) => word === 'offline')
			.join(' '), /certificate has expired/);
		assert.equal(kiosk.count('settled'), 0);
		await until('acts are kept', () => kiosk.count('kept') >= 64);
		kiosk.setClock('+0');
		await served(kiosk, 40);
		await finish(kiosk);
	});

test('notices expire by the server\'s clock, also in 1970 without it',
	{ skip }, async () => {
		const kiosk = clockwork(BOOT, { look: true });
		const clerk = await county.staff('commerce-clerk');
		const soon = new Date(Date.now() + 2000).toISOString()
			.replace('Z', '+00:00');
		const publish = (more) => clerk.act('notice.publish',
			notice([county.county], more));
		const lasting = await publish({ headline: '长期' });
		const expiring = await publish({ headline: '两秒', expires: soon });

		kiosk.launch();
		await kiosk.looked();
		kiosk.go();
		await until('both are heard', () => kiosk.count('heard') === 2);
		await until('one is over', () => new Date(soon) < new Date());
		await served(kiosk);
		await kiosk.kill();
		kiosk.launch();
		await kiosk.looked();
		const held = heldAtLast(kiosk).map(([, id]) => id);

		await kiosk.kill();
		assert.deepEqual(held, [lasting.notice]);
		assert.notEqual(expiring.notice, lasting.notice);
	});

test('a certificate that has expired is not trusted in 1970 either', { skip },
	async () => {
		const folder = `${county.folder}/expired`;

		Object.assign(process.env, { LD_PRELOAD: library, FAKETIME: '-60d' });
		const authority = new Authority(folder);
		const old = authority.issue('server');

		delete process.env.LD_PRELOAD;
		delete process.env.FAKETIME;
		const node = await county.addNode(old);
		const kiosk = clockwork(BOOT, { url: node.url,
			ca: `${folder}/ca.pem` });

		kiosk.launch();
		await until('it has tried', () => kiosk.count('offline') > 0);
		await pause(1500); // and tries again
		assert.equal(kiosk.count('online'), 0);
		assert.match(kiosk.lines().find(([word]) => word === 'offline')
			.join(' '), /untrusted .*certificate has expired/);
		await kiosk.kill();
	});
