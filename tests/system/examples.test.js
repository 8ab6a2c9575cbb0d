// SPDX-License-Identifier: Apache-2.0
// Every program of client-lib/examples, run against a node: what it prints,
// and what it has done in the database.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Example, program } from './lib/example.js';
import { root } from './lib/place.js';
import { county, feedback, notice } from './lib/world.js';
import { until } from './lib/wait.js';

const folder = `${root}/client-lib/examples`;
const nowhere = 'wss://127.0.0.1:1/ws';
const seen = new Set(); // files that a test has run

describe('the examples', () => {
	const its = county();
	const running = [];
	let world, clerk, village, ca;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		ca = `${world.golden}/tls/ca.pem`;
		clerk = await world.staff('commerce-clerk');
	});

	after(() => {
		for (const example of running)
			example.signal('SIGKILL');
	});

	function run(file, args) {
		const example = new Example(file, args);
		seen.add(file);
		running.push(example);
		return example;
	}

	const publish = (headline) => clerk.act('notice.publish',
		notice([village], { headline }));

	// As a kiosk of its own, with a store of its own.
	function kioskArguments(number, url = world.nodes[0].url) {
		const region = world.townships[world.here][number];
		return [url, ca, `${region}-1`, world.secrets[`${region}-1`],
			region, `${world.folder}/store${number}`];
	}

	// What the database has under that receipt: text, state, kiosk's name.
	const filed = async (receipt) => (await world.pg.rows(
		'select f.said, f.state, p.name from huiyin.feedback f join ' +
		'huiyin.principal p on p.id = f.author ' +
		`where f.receipt = '${receipt}'`))[0];

	async function shown(id) {
		const reach = await clerk.act('notice.reach', { notice: id });
		return reach.shown;
	}

	// A kiosk with a keyboard: hears, says, and shows with no network at all.
	async function conversation(file, number) {
		const [, , name, , region] = kioskArguments(number);
		const headline = `通知 ${file}`;
		const { notice: id } = await clerk.act('notice.publish',
			notice([region], { headline }));
		const kiosk = run(file, kioskArguments(number));

		await kiosk.says(new RegExp(headline));
		await until('the notice counts as shown', async () =>
			await shown(id) === 1);
		kiosk.type(`问题 ${file}`);
		await kiosk.says(/^stored here$/m);
		const [, receipt] = await kiosk.says(
			/^received, no\. (HY-[\d-]+), key \d{16}/m);
		assert.deepEqual(await filed(receipt),
			[`问题 ${file}`, 'dispatched', name]);
		kiosk.endInput();
		assert.equal(await kiosk.ended(), 0, kiosk.err);
		return headline;
	}

	test('kiosk.c shows, asks, and has its receipt', async () => {
		const headline = await conversation('kiosk.c', 0);
		const alone = run('kiosk.c', kioskArguments(0, nowhere));
		await alone.says(new RegExp(headline));
		alone.type('没有网络');
		await alone.says(/^stored here$/m);
		alone.endInput();
		assert.equal(await alone.ended(), 0, alone.err);
		const again = run('kiosk.c', kioskArguments(0));
		const [, receipt] = await again.says(/^received, no\. (HY-[\d-]+)/m);
		assert.equal((await filed(receipt))[0], '没有网络');
		again.endInput();
		assert.equal(await again.ended(), 0, again.err);
	});

	test('kiosk.py does what kiosk.c does', () =>
		conversation('kiosk.py', 1));

	test('kiosk.cpp ends when it has shown and has its receipt', async () => {
		const args = kioskArguments(2);
		const region = args[4];
		await clerk.act('notice.publish', notice([region],
			{ headline: '通知 C++' }));
		const kiosk = run('kiosk.cpp', [...args, '用 C++ 问']);
		assert.equal(await kiosk.ended(), 0, kiosk.err);
		assert.match(kiosk.out, /^通知 C\+\+$/m);
		const [, receipt] = /^received, no\. (HY-[\d-]+)/m.exec(kiosk.out);
		assert.deepEqual(await filed(receipt),
			['用 C++ 问', 'dispatched', args[2]]);
	});

	test('kiosk.cpp ends with a sentence where it cannot open', async () => {
		const args = kioskArguments(2);
		const kiosk = run('kiosk.cpp', ['http://x', ...args.slice(1), 'x']);
		assert.equal(await kiosk.ended(), 1);
		assert.match(kiosk.err, /wss:/);
	});

	test('console.c answers the first that is open, and hears news', async () => {
		const kiosk = await world.kiosk(`${village}-1`);
		const staff = [world.nodes[0].url, ca, 'commerce-clerk',
			world.secrets['commerce-clerk']];
		const { notice: id } = await publish('有问题请问。');
		const asked = feedback(village, { about: { notice: id } });
		const { receipt } = await kiosk.act('feedback.submit', asked);
		const desk = run('console.c', [...staff, '可以。']);
		await desk.says(new RegExp(`^${receipt}: answered$`, 'm'));
		await kiosk.act('feedback.submit', asked);
		await desk.says(/^inbox\.changed \{/m);
		assert.equal(await desk.ended(), 0, desk.err);
		assert.deepEqual(await world.pg.rows(
			'select a.said, f.state from huiyin.feedback f join ' +
			'huiyin.feedback_answer a on a.feedback = f.id ' +
			`where f.receipt = '${receipt}'`), [['可以。', 'answered']]);
	});

	for (const [file, end] of [
		['with_poll.c', (example) => example.endInput()],
		['with_libuv.c', (example) => example.signal('SIGTERM')],
		['with_glib.c', (example) => example.signal('SIGINT')]])
		test(`${file} hears in its loop, and ends when told`, {
			skip: existsSync(program(file)) ? false :
				`${file} was not built: its loop is not here` },
		async () => {
			const before = `在前 ${file}`;
			await publish(before);
			const listener = run(file, [world.nodes[0].url, ca, village]);
			await listener.says(new RegExp(before));
			await publish(`在后 ${file}`);
			await listener.says(new RegExp(`在后 ${file}`));
			end(listener);
			assert.equal(await listener.ended(), 0, listener.err);
		});

	test('each of them is run here, and has fewer than 80 lines', () => {
		const files = readdirSync(folder).filter((f) => /\.\w+$/.test(f));
		for (const file of files) {
			const lines = readFileSync(`${folder}/${file}`, 'utf8')
				.split('\n').length - 1;
			assert.ok(lines < 80, `${file} has ${lines}`);
			assert.ok(seen.has(file) || !/\.py$/.test(file) &&
				!existsSync(program(file)), `${file} is not run`);
		}
	});
});
