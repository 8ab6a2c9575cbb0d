// SPDX-License-Identifier: Apache-2.0
// I1 and I2 under kill -9: of nodes at named points of the settling and at
// any moment, of backends, of the postmaster; while two kiosks submit with
// full windows and write every acknowledgement to a file of their own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { long } from '../system/lib/place.js';
import { pause, until, within } from '../system/lib/wait.js';
import { between, oneOf, seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { signalAll } from './lib/processes.js';
import { Submitter, compare } from './lib/submitter.js';

const KILLS = long ? 1000 : 60;
const POINTS = ['before_batch_sent', 'after_batch_sent', 'before_settled',
	'between_settled', 'before_wake', 'after_wake'];
const KINDS = [...POINTS, 'backend', 'postmaster'];

let county, submitters, runs;

const sum = (of) => submitters.reduce((all, s) => all + of(s), 0);

/** Goes on once both kiosks are served again; how long that took, in ms. */
async function servedAgain(amount) {
	const settled = submitters.map((s) => s.settled);
	const began = performance.now();

	await until('both kiosks are served again', () =>
		submitters.every((s, i) => s.settled >= settled[i] + amount) ||
			sum((s) => s.wrong.length) > 0, { seconds: 20, every: 5 });
	return performance.now() - began;
}

/** Each says how many kills it was. */
const kill = {
	async backend() {
		signalAll([oneOf(await county.pg.backendsLike('%settle'))],
			'SIGKILL');
		return 1;
	},

	async postmaster() {
		await county.pg.kill();
		await county.pg.start();
		return 1;
	},

	/** At any moment, and then at a point of its new life. */
	async point(node, name) {
		await node.kill();
		node.environment = { HUIYIN_CRASH_AT: `${name}:${between(1, 6)}` };
		node.launch();
		const { signal } = await within(20, `a crash at ${name}`, node.ended);

		assert.equal(signal, 'SIGKILL', node.log.slice(-2000));
		await county.bringUp(node);
		return 2;
	},
};

before(async () => {
	county = await County.make({ nodes: 2,
		settings: { acts_per_second: 100000 } });
	submitters = Object.keys(county.kiosks).slice(0, 2)
		.map((name) => new Submitter(county, name));
	runs = submitters.map((s) => s.run());
});

after(async () => {
	submitters.forEach((s) => s.abandon());
	await county.end();
});

test(`what was acknowledged outlives ${KILLS} kills, each act once`,
	async () => {
		let slowest = 0, kills = 0;

		await servedAgain(64);
		for (let i = 0; kills < KILLS; i++) {
			const kind = KINDS[i % KINDS.length];
			const node = county.nodes[i & 1];

			await pause(between(0, 50));
			kills += await (kill[kind]?.() ?? kill.point(node, kind));
			slowest = Math.max(slowest, await servedAgain(64));
			assert.deepEqual(submitters.flatMap((s) => s.wrong), []);
		}
		submitters.forEach((s) => s.stop());
		await within(30, 'all is settled', Promise.all(runs));
		const count = await compare(county.pg, submitters);
		const acts = sum((s) => s.acts.size), resent = sum((s) => s.resent);

		say(`seed ${seed}: ${kills} kills, ${acts} acts, ${resent} sent ` +
			`again, ${count.doubled} doubled, ${count.lost} lost; ` +
			`served again at most ${Math.round(slowest)} ms later`);
		assert.deepEqual(count, { rows: acts, acknowledged: acts, lost: 0,
			doubled: 0, strange: 0 });
		assert.ok(resent > KILLS, 'hardly anything was left unanswered');
	});

test('a repeat long after gets the same receipt and key', async () => {
	for (const { name, acts } of submitters) {
		const peer = await county.kiosk(name);

		for (const [ref, { params, result }] of acts)
			if (between(1, 20) === 1)
				assert.deepEqual(
					await peer.act('feedback.submit', params, ref), result);
	}
	assert.equal(Number(await county.pg.value(
		'select count(*) from huiyin.feedback')), sum((s) => s.settled));
});

test('the chain of what was done is whole after the kills', async () => {
	await county.admin('audit', 'verify');
});
