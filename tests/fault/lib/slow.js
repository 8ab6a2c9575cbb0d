// SPDX-License-Identifier: Apache-2.0
// Peers that begin and never end, each kind in another place. A kind is a
// function of {port, ca} to {socket, began}: the socket, and when the clock of
// the deadline began to run.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

const DRIBBLE_MS = 500;

const opened = (socket, event) => new Promise((done, fail) => {
	socket.once(event, done);
	socket.once('error', fail);
	socket.once('close', () => fail(new Error('closed at once')));
});

async function overTcp({ port }) {
	const began = performance.now();
	const socket = net.connect(port, '127.0.0.1');

	await opened(socket, 'connect');
	return { socket, began };
}

async function overTls({ port, ca }) {
	const began = performance.now();
	const socket = tls.connect({ port, host: '127.0.0.1', ca });

	await opened(socket, 'secureConnect');
	return { socket, began };
}

const request = (port) => 'GET /ws HTTP/1.1\r\n' +
	`Host: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
	'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
	'Sec-WebSocket-Protocol: huiyin.v1\r\n' +
	`Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`;

async function overWebSocket(where) {
	const { socket } = await overTls(where);
	const answered = opened(socket, 'data');

	socket.write(request(where.port));
	const answer = await answered;

	if (!answer.toString().startsWith('HTTP/1.1 101 '))
		throw new Error(`no upgrade: ${answer.toString().split('\r')[0]}`);
	return { socket, began: performance.now() };
}

/** A masked frame (RFC 6455, 5.2) of less than 64 KiB. */
function frame(text, { fin = true, opcode = 1 } = {}) {
	const payload = Buffer.from(text), mask = randomBytes(4);
	const short = payload.length < 126;
	const head = Buffer.alloc(short ? 2 : 4);

	head[0] = (fin ? 0x80 : 0) | opcode;
	head[1] = 0x80 | (short ? payload.length : 126);
	if (!short)
		head.writeUInt16BE(payload.length, 2);
	return Buffer.concat([head, mask, payload.map((b, i) => b ^ mask[i % 4])]);
}

async function greeted(where) {
	const { socket } = await overWebSocket(where);
	const answered = opened(socket, 'data');

	socket.write(frame(JSON.stringify({ jsonrpc: '2.0', id: 'h',
		method: 'hello', params: { protocol: 1, client: 'slow/1',
			as: 'visitor' } })));
	if (!(await answered).toString('latin1').includes('"session"'))
		throw new Error('no hello');
	return { socket, began: performance.now() };
}

/** Says one piece of what is left at a time, and never the last. */
function dribble(socket, pieces) {
	const timer = setInterval(() => {
		if (pieces.length > 1 && !socket.destroyed)
			socket.write(pieces.shift());
	}, DRIBBLE_MS);

	socket.once('close', () => clearInterval(timer));
}

const bytesOf = (data) => Array.from(Buffer.from(data),
	(b) => Buffer.from([b]));

export const kinds = {
	/** Deadline: handshake_seconds. */
	handshake: {
		'connects and says nothing': overTcp,

		async 'says half a TLS hello'(where) {
			const peer = await overTcp(where);

			peer.socket.write(Buffer.from(
				'16030100c8010000c40303000102030405060708090a0b0c', 'hex'));
			return peer;
		},

		'says nothing after TLS': overTls,

		async 'says half a header, byte by byte'(where) {
			const peer = await overTls(where);
			const text = request(where.port);

			peer.socket.write(text.slice(0, 60));
			dribble(peer.socket, bytesOf(text.slice(60)));
			return peer;
		},
	},

	/** Deadline: login_seconds. */
	login: {
		'never says hello': overWebSocket,

		async 'says half a hello'(where) {
			const peer = await overWebSocket(where);

			peer.socket.write(frame('{"jsonrpc":"2.0","id":"h"'.repeat(9))
				.subarray(0, 60));
			return peer;
		},
	},

	/** Deadline: message_seconds, from the first byte of a message. */
	message: {
		async 'says half a frame after hello'(where) {
			const peer = await greeted(where);

			peer.socket.write(frame('x'.repeat(1000)).subarray(0, 50));
			return peer;
		},

		async 'says a message fragment by fragment'(where) {
			const peer = await greeted(where);
			const pieces = Array.from({ length: 60 },
				() => frame(' ', { fin: false, opcode: 0 }));

			peer.socket.write(frame('{', { fin: false }));
			dribble(peer.socket, pieces);
			return peer;
		},
	},
};
