// SPDX-License-Identifier: Apache-2.0
// The door: TLS, the upgrade, and absolute deadlines for who is slow (I15,
// I18, I20). Sockets of our own: no client would do this.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect as tcpConnect } from 'node:net';
import { before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { pause, until, within } from './lib/wait.js';
import { county } from './lib/world.js';

const request = (more = {}, line = 'GET /ws HTTP/1.1') => {
	const headers = { 'Host': '127.0.0.1', 'Upgrade': 'websocket',
		'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13',
		'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
		'Sec-WebSocket-Protocol': 'huiyin.v1', ...more };
	return `${line}\r\n${Object.entries(headers)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`;
};

// A masked frame as a client sends it.
function frame(text, { fin = true, opcode = 1 } = {}) {
	const data = Buffer.from(text);
	assert.ok(data.length < 65536);
	const head = data.length < 126 ? Buffer.from([0, 0x80 | data.length]) :
		Buffer.from([0, 0x80 | 126, data.length >> 8, data.length & 255]);
	head[0] = (fin ? 0x80 : 0) | opcode;
	return Buffer.concat([head, Buffer.alloc(4), data]);
}

class Raw {
	constructor(socket) {
		this.socket = socket;
		this.text = '';
		socket.on('data', (d) => { this.text += d.toString('latin1'); });
		socket.on('error', () => {});
		this.begun = performance.now();
		this.ended = new Promise((done) => socket.once('close', () =>
			done((performance.now() - this.begun) / 1000)));
	}

	static tcp(port) {
		return new Promise((done, fail) => {
			const socket = tcpConnect(port, '127.0.0.1',
				() => done(new Raw(socket)));
			socket.once('error', fail);
		});
	}

	static tls(port, ca, options = {}) {
		return new Promise((done, fail) => {
			const socket = tlsConnect({ port, host: '127.0.0.1', ca,
				...options }, () => done(new Raw(socket)));
			socket.once('error', fail);
		});
	}

	write(data) {
		if (!this.socket.destroyed)
			this.socket.write(data);
		return this;
	}

	async status() {
		await until('an answer or the end', () => this.socket.destroyed ||
			this.text.includes('\r\n\r\n'), { seconds: 5 });
		return Number(/^HTTP\/1\.1 (\d+)/.exec(this.text)?.[1] ?? 0);
	}
}

describe('the upgrade', () => {
	const its = county();
	let world, port;

	before(() => {
		world = its.world;
		({ port } = world.nodes[0].settings);
	});

	const ask = async (text) => {
		const raw = await Raw.tls(port, world.ca);
		const status = await raw.write(text).status();
		raw.socket.destroy();
		return status;
	};

	test('is granted to a good request', async () => {
		assert.equal(await ask(request()), 101);
		assert.equal(await ask(request({ Origin: 'https://127.0.0.1' })), 101);
		assert.equal(await ask(request({
			'Sec-WebSocket-Protocol': 'other, huiyin.v1' })), 101);
	});

	for (const [name, more, line] of [
		['HTTP/2 by h2c', { Upgrade: 'h2c' }],
		['no version', { 'Sec-WebSocket-Version': undefined }],
		['another version', { 'Sec-WebSocket-Version': '8' }],
		['no key', { 'Sec-WebSocket-Key': undefined }],
		['a short key', { 'Sec-WebSocket-Key': 'eHg=' }],
		['no subprotocol', { 'Sec-WebSocket-Protocol': undefined }],
		['another subprotocol', { 'Sec-WebSocket-Protocol': 'chat' }],
		['no host', { Host: undefined }],
		['a foreign origin', { Origin: 'https://evil.example' }],
		['another path', {}, 'GET /other HTTP/1.1'],
		['a query', {}, 'GET /ws?x=1 HTTP/1.1'],
		['POST', {}, 'POST /ws HTTP/1.1'],
		['HTTP/1.0', {}, 'GET /ws HTTP/1.0'],
		['a body', { 'Content-Length': '5' }],
		['a negative length', { 'Content-Length': '-1' }],
		['chunks', { 'Transfer-Encoding': 'chunked' }],
		['8 KiB of headers', { 'X-Filler': 'x'.repeat(8192) }],
	])
		test(`is not granted to ${name}`, async () => {
			assert.notEqual(await ask(request(more, line)), 101);
			(await world.visitor()).kill();
		});

	test('is not granted on a second request of a connection', async () => {
		const raw = await Raw.tls(port, world.ca);
		raw.write(request({ Upgrade: 'nonsense' }));
		await pause(50);
		raw.write(request());
		await within(5, 'it ends', raw.ended);
		assert.doesNotMatch(raw.text, / 101 /);
	});

	test('is not granted without TLS', async () => {
		const raw = await Raw.tcp(port);
		raw.write(request());
		await within(12, 'it ends', raw.ended);
		assert.equal(raw.text, '');
	});

	test('offers no compression', async () => {
		const raw = await Raw.tls(port, world.ca);
		await raw.write(request({ 'Sec-WebSocket-Extensions':
			'permessage-deflate' })).status();
		assert.doesNotMatch(raw.text, /Extensions/i);
		raw.socket.destroy();
	});
});

describe('TLS', () => {
	const its = county();

	const protocol = async (options) => {
		const { world } = its;
		try {
			const raw = await Raw.tls(world.nodes[0].settings.port, world.ca,
				options);
			const found = [raw.socket.getProtocol(),
				raw.socket.getCipher().standardName];
			raw.socket.destroy();
			return found;
		} catch {
			return [];
		}
	};

	test('is 1.3 by preference and 1.2 at least', async () => {
		assert.equal((await protocol({}))[0], 'TLSv1.3');
		const [version, cipher] = await protocol({ maxVersion: 'TLSv1.2' });
		assert.equal(version, 'TLSv1.2');
		assert.match(cipher, /ECDHE.*(GCM|CHACHA20)/);
		assert.deepEqual(await protocol({ minVersion: 'TLSv1.1',
			maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }), []);
	});

	test('takes no weak ciphers', async () => {
		for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA',
			'AES128-GCM-SHA256'])
			assert.deepEqual(await protocol({ maxVersion: 'TLSv1.2',
				ciphers }), []);
	});
});

describe('slow peers', () => {
	const its = county({ settings: { handshake_seconds: 3, login_seconds: 3,
		message_seconds: 3, keepalive_seconds: 4 } });
	const slack = 2;
	let world, port;

	before(() => {
		world = its.world;
		({ port } = world.nodes[0].settings);
	});

	// Something every 300 ms until the other side has had enough.
	async function drip(raw, next) {
		let over = false;
		raw.ended.then(() => { over = true; });
		while (!over) {
			raw.write(next());
			await pause(300);
		}
		return raw.ended;
	}

	const closesIn = (seconds, ended) => within(seconds + slack,
		'the peer is closed', ended);

	// In an open WebSocket it is told first, by a close frame; if it does not
	// answer that it is cut 5 s later.
	async function saysGoodbyeIn(seconds, raw) {
		await until('a close frame', () => raw.socket.destroyed ||
			raw.text.slice(raw.text.indexOf('\r\n\r\n')).includes('\x88'),
		{ seconds: seconds + slack });
		await within(5 + slack, 'the end', raw.ended);
	}

	const upgraded = async () => {
		const raw = await Raw.tls(port, world.ca);
		assert.equal(await raw.write(request()).status(), 101);
		raw.begun = performance.now();
		return raw;
	};

	const hello = () => JSON.stringify({ jsonrpc: '2.0', id: 1,
		method: 'hello', params: { protocol: 1, client: 't',
			as: 'visitor' } });

	test('who say nothing are closed', async () => {
		await closesIn(3, (await Raw.tcp(port)).ended);
	});

	test('who drip their TLS hello are closed', async () => {
		const raw = await Raw.tcp(port);
		const bytes = Buffer.concat([Buffer.from('1603010200010001fc0303',
			'hex'), Buffer.alloc(500)]);
		let at = 0;
		await closesIn(3, drip(raw, () => bytes.subarray(at, ++at)));
	});

	test('who drip their headers are closed', async () => {
		const raw = await Raw.tls(port, world.ca);
		const text = request();
		let at = 0;
		await closesIn(3, drip(raw, () => text.slice(at, ++at)));
	});

	test('who send headers without end are closed', async () => {
		const raw = await Raw.tls(port, world.ca);
		raw.write('GET /ws HTTP/1.1\r\n');
		let n = 0;
		await closesIn(3, drip(raw, () => `X-${n++}: 1\r\n`));
	});

	test('who do not say hello are closed', async () => {
		await saysGoodbyeIn(3, await upgraded());
	});

	test('who are refused again and again are closed all the same',
		async () => {
			const raw = await upgraded();
			drip(raw, () => frame('{}'));
			await saysGoodbyeIn(3, raw);
		});

	// libwebsockets shows nothing of a frame before 512 bytes of it are there,
	// so that what ends this one is that it cannot answer a ping in between.
	test('who drip a frame are closed like who answers no ping', async () => {
		const raw = await upgraded();
		raw.write(frame(hello()));
		await pause(200);
		const bytes = frame('x'.repeat(4000));
		let at = 0;
		await closesIn(3 * 4, drip(raw, () => bytes.subarray(at, ++at)));
	});

	test('who never end a message are closed', async () => {
		const raw = await upgraded();
		raw.write(frame(hello()));
		await pause(200);
		let first = true;
		drip(raw, () => {
			const piece = frame('x', { fin: false, opcode: first ? 1 : 0 });
			first = false;
			return piece;
		});
		await saysGoodbyeIn(3, raw);
	});

	test('by hundreds keep nobody else out', async () => {
		const slow = [];
		for (let i = 0; i < 300; i++)
			slow.push(i % 3 === 0 ? await Raw.tcp(port) :
				await Raw.tls(port, world.ca));
		for (const raw of slow)
			if (raw.socket.encrypted)
				raw.write('GET /ws HTTP/1.1\r\nHost: 127');
		const times = [];
		for (let i = 0; i < 30; i++) {
			const begun = performance.now();
			(await world.visitor()).kill();
			times.push(performance.now() - begun);
		}
		times.sort((a, b) => a - b);
		console.log(`#: slowest of 30 logins beside 300 slow peers: ${
			times.at(-1).toFixed(0)} ms`);
		assert.ok(times.at(-1) < 1000);
		await Promise.all(slow.map((raw) => closesIn(3, raw.ended)));
		assert.equal(await world.nodes[0].metric('handshakes'), 0);
	});
});

describe('many connections from one address', () => {
	const its = county({ settings: { per_address: 20 } });

	test('are held to a ceiling, and room that is made is given', async () => {
		const { world } = its;
		const peers = [];
		for (let i = 0; i < 20; i++)
			peers.push(await world.visitor());
		await assert.rejects(world.visitor(undefined, {},
			{ handshakeTimeout: 3000 }));
		for (const peer of peers.splice(0, 5))
			await peer.close();
		for (let i = 0; i < 5; i++)
			peers.push(await world.visitor());
		await peers[0].settle();
	});
});

describe('framing that is broken', () => {
	const its = county();

	test('ends the connection, with the code that PROTOCOL.md gives',
		async () => {
			for (const [raw, code] of [
				[frame('x', { opcode: 3 }), 1002],
				[frame('x', { opcode: 0 }), 1002],
				[frame('x', { opcode: 9, fin: false }), 1002],
				[frame('x'.repeat(130), { opcode: 9 }), 1006],
			]) {
				const peer = await its.world.visitor();
				peer.socket._socket.write(raw);
				assert.equal((await within(5, 'it ends', peer.closed)).code,
					code);
			}
		});
});
