// SPDX-License-Identifier: Apache-2.0
// Many sessions in a process of its own, which can be stopped as a whole.
// usage: node lib/crowd.js URL CA.pem COUNT  (credentials: JSON on stdin)
// Each keeps its cursor and comes back when it is cut off. Every line of
// stdout is a JSON object: {open, complete, torn, cut}; complete are those
// that have all notices up to `head`, which a line on stdin says; torn those
// that got one twice or out of order.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const WebSocket = createRequire(
	new URL('../../system/package.json', import.meta.url))('ws');
const [url, caFile, count] = process.argv.slice(2);
const ca = readFileSync(caFile);
const lines = createInterface({ input: process.stdin });
const state = { open: 0, torn: 0, cut: 0 };
let head = Infinity, members = [];

class Member {
	cursor = 0;
	kept = 0;
	epoch = undefined;

	constructor(credentials) {
		this.credentials = credentials;
	}

	come() {
		const socket = new WebSocket(url, 'huiyin.v1',
			{ ca, perMessageDeflate: false, handshakeTimeout: 30000 });
		let greeted = false;

		socket.on('open', () => socket.send(JSON.stringify({
			jsonrpc: '2.0', id: 'hello', method: 'hello',
			params: { protocol: 1, client: 'crowd/1', epoch: this.epoch,
				cursor: this.cursor, ...this.credentials } })));
		socket.on('message', (data) => {
			const text = data.toString();

			if (text.startsWith('{"jsonrpc":"2.0","method":"notice"')) {
				this.keep(Number(/"seq":(\d+)/.exec(text)[1]));
				return;
			}
			const { id, result, method, params } = JSON.parse(text);

			if (id === 'hello' && result) {
				this.epoch = result.epoch;
				greeted = true;
				state.open++;
			} else if (method === 'caught_up') {
				this.cursor = params.cursor;
			}
		});
		socket.on('error', () => {});
		socket.on('close', () => {
			state.open -= greeted ? 1 : 0;
			state.cut++;
			setTimeout(() => this.come(), Math.random() * 2000);
		});
	}

	keep(seq) {
		state.torn += seq > this.cursor ? 0 : 1;
		this.cursor = Math.max(seq, this.cursor);
		this.kept++;
	}
}

function begin(credentials) {
	members = Array.from({ length: Number(count) }, (_, i) =>
		new Member(credentials[i % credentials.length]));
	members.forEach((member, i) => setTimeout(() => member.come(), i * 3));
	setInterval(() => process.stdout.write(`${JSON.stringify({ ...state,
		complete: members.filter((m) => m.kept === head).length })}\n`), 200);
}

lines.once('line', (first) => {
	begin(JSON.parse(first));
	lines.on('line', (line) => { head = Number(line); });
});
lines.on('close', () => process.exit());
