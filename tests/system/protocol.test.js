// SPDX-License-Identifier: Apache-2.0
// Every example of PROTOCOL.md, said to a real node. A value that the document
// shows for the first time in an answer (a number, a receipt, a time) stands
// from then on for what this server said in its place.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { root } from './lib/place.js';
import { pause, within } from './lib/wait.js';
import { county } from './lib/world.js';

// What differs from server to server. All other members are as they are shown.
const own = new Set(['session', 'now', 'epoch', 'head', 'token', 'seq', 'notice',
	'cursor', 'sent', 'receipt', 'key', 'answer_by', 'at', 'name', 'region',
	'regions']);

// Blocks of the document: {who, steps: [{sends, message}]}.
function blocksOf(text) {
	return [...text.matchAll(/^```wire (\w+)\n(.*?)^```$/gms)].map(
		([, who, body]) => ({ who, steps: body.split(/^(?=-> |<- )/m)
			.filter(Boolean).map((step) => ({ sends: step[0] === '-',
				message: JSON.parse(step.slice(3)) })) }));
}

describe('PROTOCOL.md', () => {
	const its = county();
	const lines = new Map(); // who -> {peer, queue, wake}
	const stands = new Map(); // a value of the document -> the real one
	let world;
	const document = readFileSync(`${root}/client-lib/PROTOCOL.md`, 'utf8');
	const blocks = blocksOf(document);

	// With the real values in the place of those of the document.
	function real(value) {
		if (Array.isArray(value))
			return value.map(real);
		if (value && typeof value === 'object')
			return Object.fromEntries(Object.entries(value).map(
				([key, one]) => [key, real(one)]));
		return stands.get(value) ?? value;
	}

	function compare(shown, said, path) {
		const key = path.split('.').at(-1).replace(/\[\d+\]/, '');
		if (Array.isArray(shown)) {
			assert.equal(said?.length, shown.length, path);
			shown.forEach((one, i) => compare(one, said[i], `${path}[${i}]`));
		} else if (shown && typeof shown === 'object') {
			assert.equal(typeof said, 'object', path);
			for (const [name, one] of Object.entries(shown))
				compare(one, said[name], `${path}.${name}`);
		} else if (own.has(key) && shown !== null) {
			assert.equal(typeof said, typeof shown, path);
			if (stands.has(shown))
				assert.equal(said, stands.get(shown), path);
			else
				stands.set(shown, said);
		} else {
			assert.deepEqual(said, shown, path);
		}
	}

	async function lineOf(who) {
		if (lines.has(who))
			return lines.get(who);
		const peer = await world.connect();
		const line = { peer, queue: [] };
		peer.socket.on('message', (m) => line.queue.push(JSON.parse(m)));
		lines.set(who, line);
		return line;
	}

	// The answer to that id, or the news of that name and state. Others may come
	// in between: the document says so.
	const isMeant = (message, said) => (message.method ?
		said.method === message.method &&
			said.params.state === message.params.state :
		said.id === message.id);

	const next = (line, message) => within(10, JSON.stringify(message),
		(async () => {
			for (;;) {
				const at = line.queue.findIndex((m) => isMeant(message, m));
				if (at >= 0)
					return line.queue.splice(at, 1)[0];
				await pause(5);
			}
		})());

	before(async () => {
		world = its.world;
		const [village] = world.townships[world.here];
		const clerk = await world.staff('commerce-clerk');
		await clerk.act('notice.publish', { kind: 'policy', headline: 'x',
			description: 'x', audience: { regions: [world.there] } });
		stands.set('422802100200', village);
		stands.set('422802100000', world.here);
		stands.set('422802100200-1', `${village}-1`);
		stands.set('5f0c4b1de8a96a0b2c7d3e4f50617283',
			world.secrets[`${village}-1`]);
		stands.set('correct horse battery staple',
			world.secrets['commerce-clerk']);
		stands.set('利川市商务局', 'commerce office');
		// A key is shown in groups as people write it.
		stands.spaced = (key) => key.replace(/(\d{4})(?=\d)/g, '$1 ');
	});

	test('has examples of visitors, kiosks and clerks', () => {
		assert.deepEqual([...new Set(blocks.map((b) => b.who))].sort(),
			['clerk', 'kiosk', 'visitor']);
		assert.ok(blocks.length >= 6);
	});

	for (const [number, { who, steps }] of blocks.entries())
		test(`example ${number + 1} (${who}): the server says what it shows`,
			async () => {
				const line = await lineOf(who);
				for (const { sends, message } of steps) {
					if (sends) {
						line.peer.raw(JSON.stringify(real(message)));
						continue;
					}
					const said = await next(line, message);
					compare(message, said, who);
					learnKey(message);
				}
				await pause(50);
				assert.deepEqual(line.queue.filter((m) => m.id !== undefined),
					[], 'nothing else is said');
			});

	function learnKey({ result }) {
		if (result?.key)
			stands.set(stands.spaced(result.key),
				stands.spaced(stands.get(result.key)));
	}

	test('says the same limits as the server', async () => {
		const { greeting } = await world.visitor();
		assert.match(document, new RegExp(`${greeting.max_frame
			.toLocaleString('en')} bytes a message`));
	});
});
