// SPDX-License-Identifier: Apache-2.0
// I1(b): the power of PostgreSQL's machine fails while two kiosks submit
// through two nodes. Unsynced blocks are lost or kept by the toss of a coin.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Lossy, whyNotLossy } from './lib/lossy.js';
import { Submitter, compare } from './lib/submitter.js';

const CUTS = long ? 100 : 5;
const skip = whyNotLossy();

async function makeCounty(lossy = {}) {
	let disk;
	const county = await County.make({ nodes: 2,
		settings: { acts_per_second: 100000 },
		// lossyfs begins with nothing unsynced: no need to fsync each file
		postgres: { max_wal_size: '64MB',
			recovery_init_sync_method: 'syncfs' },
		prepare: async (county) => {
			disk = new Lossy(county.folder, lossy);
			county.copyData(disk.disk);
			await disk.on();
			return `${disk.mount}/data`;
		} });

	return { county, disk };
}

async function cut({ county, disk }, name) {
	await county.pg.kill(true);
	await disk.off(name);
	await disk.on();
	rmSync(`${disk.mount}/data/postmaster.pid`, { force: true });
	await county.pg.start(60);
}

const served = (submitters, amount) => {
	const settled = submitters.map((s) => s.settled);

	return until('both kiosks are served', () => submitters.every((s, i) =>
		s.settled >= settled[i] + amount || s.wrong.length > 0),
	{ seconds: 30, every: 5 });
};

function begin(county) {
	const submitters = Object.keys(county.kiosks).slice(0, 2)
		.map((name) => new Submitter(county, name));

	return { submitters, runs: submitters.map((s) => s.run()) };
}

async function end({ county, disk }, { submitters, runs }) {
	submitters.forEach((s) => s.abandon());
	await Promise.all(runs);
	await county.end();
	await disk.off('SIGTERM');
}

test(`what was acknowledged outlives ${CUTS} power cuts, each act once`,
	{ skip }, async () => {
		const place = await makeCounty();
		const { submitters, runs } = begin(place.county);

		try {
			for (let i = 0; i < CUTS; i++) {
				await served(submitters, 200);
				await pause(between(0, 400));
				await cut(place, 'SIGUSR2');
			}
			await served(submitters, 200);
			submitters.forEach((s) => s.stop());
			await within(60, 'all is settled', Promise.all(runs));
			assert.deepEqual(submitters.flatMap((s) => s.wrong), []);
			const count = await compare(place.county.pg, submitters);
			const acts = submitters.reduce((n, s) => n + s.acts.size, 0);

			say(`seed ${seed}: ${CUTS} power cuts, ${acts} acts, ` +
				`${count.doubled} doubled, ${count.lost} lost`);
			assert.deepEqual(count, { rows: acts, acknowledged: acts,
				lost: 0, doubled: 0, strange: 0 });
		} finally {
			await end(place, { submitters, runs });
		}
	});

test('a disk that lies about fsync is found out by the test above',
	{ skip }, async () => {
		const place = await makeCounty({ LOSSY_LIE: '1' });
		const { submitters, runs } = begin(place.county);

		try {
			await served(submitters, 200);
			await cut(place, 'SIGUSR1');
			const { acknowledged, lost } =
				await compare(place.county.pg, submitters);

			say(`a lying disk lost ${lost} of ${acknowledged}`);
			assert.ok(lost >= 400);
		} finally {
			await end(place, { submitters, runs });
		}
	});
