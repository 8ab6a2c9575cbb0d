// SPDX-License-Identifier: Apache-2.0
// I19 and I5 for libhuiyin, by the command line that stands on it: whichever
// allocation fails, it ends by itself, what it said it has is settled once in
// the end, and its store opens again.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { newRef } from '../system/lib/ref.js';
import { long } from '../system/lib/place.js';
import { notice } from '../system/lib/world.js';
import { between, seed, spread } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Cli, lines } from './lib/starved_cli.js';

const TRIES = long ? 1500 : 24;
const BURSTS = long ? 200 : 6;
const AT_ONCE = 3;
const NOWHERE = { HUIYIN_URL: 'wss://127.0.0.1:1/ws' };

let county, cli, region;

before(async () => {
	county = await County.make({ settings: { acts_per_second: 100000 } });
	const [kiosk] = Object.keys(county.kiosks);

	region = county.kiosks[kiosk];
	cli = new Cli(county, kiosk);
});

after(() => county.end());

/** one(n, many) for a spread of the most allocations; its results. */
async function tryAll(most, one) {
	const left = [...spread(most, TRIES).map((n) => [n, 1]),
		...spread(most, BURSTS).map((n) => [n, between(2, 20)])];
	const results = [];
	const worker = async () => {
		for (let next; (next = left.shift());)
			results.push(await one(...next));
	};

	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return results;
}

const submission = (store, text) => ['--store', store, '--timeout', '5',
	'feedback', 'submit', '--region', region, '--service', 'question',
	'--text', text];

const rowsOf = (text) => county.pg.rows('select ref, receipt ' +
	`from huiyin.feedback where said = '${text}'`);

/** Without faults: what the store still has to say; nothing is damaged. */
async function outbox(store, story) {
	if (!existsSync(store) || readdirSync(store).length === 0)
		return []; // nothing was ever kept, and outbox makes no store
	const run = await cli.run(['--store', store, 'outbox']);

	assert.ok(run.code === 0 && !/damaged/.test(run.err),
		`${story}\nthen: ${run.story}`);
	assert.ok(!readdirSync(store).some((file) => /damaged|aside/.test(file)),
		story);
	return lines(run.out);
}

/** One that was given to a program without memory is there once, or not. */
async function submitWithout(n, many) {
	const store = cli.newStore(), text = `问 ${newRef()} 修路、修桥、修水渠`;
	const run = await cli.run(submission(store, text), { n, many });
	const [said] = lines(run.out);
	const [late] = await outbox(store, run.story);
	const rows = await rowsOf(text);

	assert.deepEqual(await outbox(store, run.story), [], run.story);
	assert.ok(rows.length <= 1, run.story);
	for (const receipt of [said?.receipt, late?.result.receipt])
		assert.ok(!receipt || rows[0]?.[1] === receipt, run.story);
	assert.ok(!said?.ref || rows[0]?.[0] === said.ref, run.story);
	if (run.code === 0)
		assert.ok(said?.receipt && rows.length === 1, run.story);
	else
		assert.notEqual(run.err.trim(), '', run.story);
	return { done: run.code === 0, kept: rows.length };
}

test('a submission whose allocations fail is settled once or was refused',
	async () => {
		const most = (await cli.run(submission(cli.newStore(), 'first'))).seen;
		const results = await tryAll(most, submitWithout);
		const done = results.filter((r) => r.done).length;

		say(`seed ${seed}: feedback submit, ${most} allocations, ` +
			`${results.length} tries: ${done} done, ` +
			`${results.filter((r) => r.kept).length} stored`);
		assert.ok(done > 0);
	});

/** An outbox with one act in it, that was never sent. */
async function filledStore(text) {
	const store = cli.newStore();
	const run = await cli.run(submission(store, text),
		{ environment: NOWHERE });

	assert.equal(run.code, 3, run.story);
	return { store, ref: lines(run.out)[0].ref };
}

test('an outbox that is sent without memory loses and doubles nothing',
	async () => {
		const text = `存 ${newRef()}`;
		const filled = await filledStore(text);
		const copy = () => {
			const store = cli.newStore();
			cpSync(filled.store, store, { recursive: true });
			return store;
		};
		const { seen } = await cli.run(['--store', copy(), 'outbox']);
		const results = await tryAll(seen, async (n, many) => {
			const store = copy();
			const run = await cli.run(['--store', store, '--timeout', '5',
				'outbox'], { n, many });
			const told = [...lines(run.out), ...await outbox(store, run.story)];

			assert.ok(told.length >= 1 && told.length <= 2, run.story);
			for (const one of told)
				assert.equal(one.ref, filled.ref, run.story);
			if (run.code === 0)
				assert.equal(lines(run.out).length, 1, run.story);
			return told.at(-1).result.receipt;
		});
		const rows = await rowsOf(text);

		say(`outbox: ${seen} allocations, ${results.length} tries`);
		assert.equal(rows.length, 1);
		assert.deepEqual([...new Set(results)], [rows[0][1]]);
	});

test('a listener whose allocations fail keeps what it was told', async () => {
	const clerk = await county.staff('commerce-clerk');
	const headline = '补贴 2026 春季茶叶种植';
	const { notice: id } = await clerk.act('notice.publish',
		notice([region], { headline }));
	const listen = (store) => ['--store', store, '--timeout', '5', 'listen',
		'--all', '--count', '1'];
	const { seen } = await cli.run(listen(cli.newStore()));
	let heard = 0;

	clerk.kill();
	await tryAll(seen, async (n, many) => {
		const store = cli.newStore();
		const run = await cli.run(listen(store), { n, many });
		const told = lines(run.out);

		assert.ok(run.code !== 0 || told.length === 1, run.story);
		for (const one of told)
			assert.ok(one.notice === id && one.headline === headline,
				run.story);
		heard += told.length;
		if (told.length === 0) {
			const again = await cli.run(listen(store));

			told.push(...lines(again.out));
			assert.doesNotMatch(again.err, /damaged/, run.story);
		}
		const kept = await cli.run(['--store', store, 'listen', '--kept']);

		assert.deepEqual(lines(kept.out).map((one) => one.headline),
			[headline], `${run.story}\nkept: ${kept.story}`);
	});
	say(`listen: ${seen} allocations, heard ${heard} times at once`);
	assert.ok(heard > 0);
});
