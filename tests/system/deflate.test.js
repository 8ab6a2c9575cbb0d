// SPDX-License-Identifier: Apache-2.0
// Notices squeezed, for who asks: the same notices, fewer bytes.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, notice } from './lib/world.js';

describe('accept deflate', () => {
	const its = county();
	const accept = ['deflate'];
	let world, clerk, name;

	const squeezed = () => world.nodes[0].metric('notices_sent_squeezed_total');
	const publish = (more) => clerk.act('notice.publish',
		notice([world.county], more));

	before(async () => {
		world = its.world;
		clerk = await world.staff('commerce-clerk');
		[name] = Object.keys(world.kiosks);
	});

	test('hello says that it can be asked for', async () => {
		const peer = await world.visitor();
		assert.ok(peer.greeting.features.includes('deflate'));
	});

	test('who asks is sent the same as a binary message', async () => {
		const small = await world.kiosk(name, { accept });
		const plain = await world.kiosk(name);
		const { seq } = await publish({ description: '请带上身份证。'.repeat(9) });
		const of = (n) => n.seq === seq;
		assert.deepEqual(await small.news('notice', of),
			await plain.news('notice', of));
		assert.equal(small.binary, 1);
		assert.equal(plain.binary, 0);
	});

	test('what was missed comes so too, in order', async () => {
		const before = await squeezed();
		const heard = [];
		for (const more of [{}, { accept }]) {
			const peer = await world.kiosk(name, { cursor: 0, ...more });
			await peer.news('caught_up');
			heard.push(peer.heard('notice'));
		}
		assert.ok(heard[0].length > 0);
		assert.deepEqual(heard[1], heard[0]);
		assert.equal(await squeezed() - before, heard[0].length);
	});

	test('another word is refused, and hello may be said again', async () => {
		const peer = await world.connect();
		const hello = (words) => ['hello', { protocol: 1, as: 'visitor',
			client: 't', accept: words }];
		const why = await peer.refused(...hello(['brotli']));
		assert.equal(why.path, 'accept[0]');
		await peer.act(...hello(accept));
	});

	test('libhuiyin asks, and prints what was published', async () => {
		const before = await squeezed();
		const { code, out, err } = await world.cli(name, 'listen', '--count',
			'1', '--json', '--store', `${world.folder}/deflate`);
		assert.equal(code, 0, err);
		assert.match(out, /请带上身份证/);
		assert.ok(await squeezed() > before);
	});
});
