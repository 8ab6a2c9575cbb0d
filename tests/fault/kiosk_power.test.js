// SPDX-License-Identifier: Apache-2.0
// I3, I5 and I11: the power of kiosks fails at any moment; unsynced blocks are
// lost, or lost and kept by the toss of a coin. Then disks that fail, fill up
// and lie.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, oneOf, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Kiosk, compare, faultless, readDiary } from './lib/kiosk.js';
import { Lossy, whyNotLossy } from './lib/lossy.js';
import { atEnd } from './lib/processes.js';
import { Publisher, tokenOf } from './lib/publisher.js';

const CUTS = long ? 2000 : 100, LANES = 3;
const FAULTS = ['LOSSY_FSYNC_EIO', 'LOSSY_FSYNC_ENOSPC',
	'LOSSY_WRITE_ENOSPC'];
const NOBODY = 'ws://127.0.0.1:1';
const EACH = 4; // acts of a life on a failing disk
const skip = whyNotLossy();

let county, names;

before(async () => {
	county = await County.make({ settings: { acts_per_second: 100000 } });
	names = Object.keys(county.kiosks);
});

after(() => county?.end());

/** A kiosk whose store is on a disk of its own. */
async function onLossyDisk(options = {}, lossy = {}) {
	const name = names.shift();
	const kiosk = new Kiosk(county, name, { ...options,
		store: `${county.folder}/${name}/mount/store` });

	kiosk.disk = new Lossy(`${county.folder}/${name}`, lossy);
	await kiosk.disk.on();
	return kiosk;
}

/** The power is gone: nothing runs any more, nothing is written any more. */
async function cutPower(kiosk, how) {
	await kiosk.kill();
	await kiosk.disk.off(how);
}

/** Ends once all is settled, on a disk that is whole. */
async function drain(kiosk) {
	kiosk.stop();
	const { code, words } = await within(60, 'all is settled', kiosk.ended);

	assert.equal(code, 0, words);
}

/** What PostgreSQL calls delivered is in the store that was looked into. */
async function deliveredIsHeld(kiosk) {
	const lines = kiosk.lines();
	const life = lines.slice(lines.findLastIndex(([w]) => w === 'life'));
	const held = new Set(life.filter(([w]) => w === 'held').map((l) => l[2]));
	const rows = await county.pg.rows(`select n.notice
		from huiyin.notice_receipt r
		join huiyin.notice n on n.id = r.notice
		join huiyin.principal p on p.id = r.kiosk
		where p.name = '${kiosk.name}'`);

	assert.deepEqual(rows.filter(([id]) => !held.has(id)), []);
	return rows.length;
}

/** Its power fails so many times, each time at another moment of its work. */
async function failAndReturn(kiosk, cuts) {
	let delivered = 0;

	for (let i = 0; i < cuts; i++) {
		kiosk.launch();
		await kiosk.looked();
		delivered = await deliveredIsHeld(kiosk);
		kiosk.go();
		await pause(between(0, oneOf([60, 400])));
		await cutPower(kiosk, oneOf(['SIGUSR1', 'SIGUSR2']));
		await kiosk.disk.on();
	}
	kiosk.launch();
	await kiosk.looked();
	kiosk.go();
	await drain(kiosk);
	await kiosk.disk.off('SIGTERM');
	return delivered;
}

const troubles = (kiosks) => kiosks.flatMap((k) => readDiary(k).trouble);

test(`what kiosks accepted outlives ${CUTS} power cuts, each act once`,
	{ skip }, async () => {
		const kiosks = await Promise.all(Array.from({ length: LANES }, () =>
			onLossyDisk({ ahead: 500, look: true })));
		const publisher = new Publisher(county,
			await tokenOf(county, 'commerce-clerk'), (i) => ({
				kind: 'policy', headline: `通知 ${i}`,
				description: '说明'.repeat(between(1, 500)),
				audience: { regions: [county.county] } }));
		const publishing = publisher.run(CUTS * 3, 100);
		const delivered = await Promise.all(kiosks.map((kiosk, i) =>
			failAndReturn(kiosk, Math.floor((CUTS + i) / LANES))));

		await publishing;
		const count = await compare(county, kiosks);

		say(`seed ${seed}: ${CUTS} power cuts, ${count.acts} acts, ` +
			`${count.doubled} doubled, ${count.lost} lost, ` +
			`${delivered.reduce((a, b) => a + b)} notices called delivered, ` +
			'all of them held');
		assert.deepEqual(count, faultless(count));
		assert.deepEqual(troubles(kiosks), []);
		assert.deepEqual(publisher.wrong, []);
		assert.ok(delivered.every((n) => n > 0), 'nothing was delivered');
	});

/** Submits until its life's acts are tried; false when it could not open. */
async function tryOnce(kiosk) {
	kiosk.environment.KIOSK_MOST = Number(kiosk.environment.KIOSK_MOST) + EACH;
	const all = String(kiosk.environment.KIOSK_MOST);
	const isTried = () => kiosk.lines().some(([word, number]) =>
		(word === 'kept' || word === 'not') && number === all);

	kiosk.launch();
	await until('all is tried', () => isTried() || !kiosk.isAlive,
		{ every: 10 });
	return kiosk.isAlive;
}

const tryAll = async (kiosk) => assert.ok(
	await tryOnce(kiosk) || await tryOnce(kiosk), 'it opens no more');

/**
 * The first, the second, ... call of that kind fails, until none is left (of
 * the many writes only some, but with --long); then
 * the program is killed, another takes its place on what can still be read,
 * and the power fails. storeOf(n): the store of the n-th life.
 */
async function failEach(kiosk, fault, storeOf) {
	const stores = new Set();
	const step = long || fault.includes('FSYNC') ? 1 : between(4, 6);

	for (let n = 1, untouched = 0; untouched < 2; n += step) {
		kiosk.store = storeOf(n);
		stores.add(kiosk.store);
		await kiosk.disk.on({ [fault]: n });
		const before = kiosk.disk.faults;

		await tryAll(kiosk);
		await kiosk.kill();
		await tryAll(kiosk);
		await cutPower(kiosk, n % 2 ? 'SIGUSR1' : 'SIGUSR2');
		untouched = kiosk.disk.faults > before ? 0 : untouched + 1;
		assert.ok(n < 400);
	}
	return stores;
}

async function drainAll(kiosk, stores) {
	kiosk.url = county.url;
	await kiosk.disk.on();
	for (const store of stores) {
		kiosk.store = store;
		kiosk.environment.KIOSK_MOST = 0;
		kiosk.launch();
		await drain(kiosk);
	}
	await kiosk.disk.off('SIGTERM');
}

for (const fault of FAULTS)
	test(`${fault} at every call in turn is never called kept`, { skip },
		async () => {
			const kiosk = await onLossyDisk({ url: NOBODY, most: EACH,
				ahead: 1e6 });

			await kiosk.disk.off('SIGTERM');
			const place = kiosk.store;

			await drainAll(kiosk, [
				...await failEach(kiosk, fault, (n) => `${place}${n}`),
				...await failEach(kiosk, fault, () => place)]);
			const said = readDiary(kiosk), happened = kiosk.disk.faults;
			const count = await compare(county, [kiosk]);

			say(`${fault}: ${happened} calls failed, ${said.kept.size} acts ` +
				`kept, ${said.not.size} refused, ${count.lost} lost, ` +
				`${count.false} came all the same`);
			assert.ok(happened > 10 && said.not.size > 0);
			assert.deepEqual(count, faultless(count));
			assert.deepEqual(troubles([kiosk])
				.filter((tag) => tag !== 'disk'), []);
		});

test('a full disk of 4 MiB gives away what it took, and takes again',
	{ skip }, async () => {
		const name = names.shift(), disk = `${county.folder}/small`;

		mkdirSync(disk);
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
		atEnd(() => execFileSync('umount', ['-l', disk]));
		const kiosk = new Kiosk(county, name, { url: NOBODY,
			store: `${disk}/store`, ahead: 1e6,
			environment: { KIOSK_LONG: 1500 } });

		kiosk.launch();
		await until('the disk is full', () => kiosk.count('not') > 100,
			{ seconds: 60, every: 200 });
		await kiosk.kill();
		const { kept } = readDiary(kiosk);

		kiosk.url = county.url;
		kiosk.launch();
		await drain(kiosk);
		const took = kiosk.count('kept');

		kiosk.launch();
		await until('it takes acts again', () =>
			kiosk.count('kept') > took + kept.size / 2, { seconds: 30 });
		await drain(kiosk);
		const count = await compare(county, [kiosk]);

		say(`4 MiB: ${kept.size} acts kept, ${count.lost} lost`);
		assert.deepEqual(count, faultless(count));
	});

test('a disk that lies about fsync is found out by the tests above', { skip },
	async () => {
		const kiosk = await onLossyDisk({ url: NOBODY, most: 50 },
			{ LOSSY_LIE: '1' });

		kiosk.launch();
		await until('some are kept', () => kiosk.count('kept') === 50);
		await cutPower(kiosk, 'SIGUSR1');
		await kiosk.disk.on({ LOSSY_LIE: '' });
		kiosk.url = county.url;
		kiosk.launch();
		await drain(kiosk);
		await kiosk.disk.off('SIGTERM');
		const { lost } = await compare(county, [kiosk]);

		say(`a lying disk lost ${lost} of 50`);
		assert.equal(lost, 50);
	});
