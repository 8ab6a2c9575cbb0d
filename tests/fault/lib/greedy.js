// SPDX-License-Identifier: Apache-2.0
// One session that asks as fast as the line takes it.
// usage: node lib/greedy.js URL CA.pem REGION  (credentials: JSON on stdin)
// Every line of stdout is a JSON object: {asked, answered, news, refused,
// closed}, twice a second.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { newRef } from '../../system/lib/ref.js';

const WebSocket = createRequire(
	new URL('../../system/package.json', import.meta.url))('ws');
const [url, caFile, region] = process.argv.slice(2);
const MOST_UNSENT = 1 << 20;
const state = { asked: 0, answered: 0, news: 0, refused: 0, closed: 0 };

const act = (id, method, params) =>
	JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** Four pings, then a feedback, and so on. */
function ask(socket) {
	while (socket.bufferedAmount < MOST_UNSENT &&
	       socket.readyState === WebSocket.OPEN) {
		socket.send(state.asked % 5 === 4 ?
			act(newRef(), 'feedback.submit', { region, service: 'need',
				text: '再来一条' }) :
			act(`p${state.asked}`, 'ping', {}));
		state.asked++;
	}
	setTimeout(() => ask(socket), 5);
}

function come(credentials) {
	const socket = new WebSocket(url, 'huiyin.v1',
		{ ca: readFileSync(caFile), perMessageDeflate: false });

	socket.on('open', () => socket.send(act('hello', 'hello',
		{ protocol: 1, client: 'greedy/1', ...credentials })));
	socket.once('message', () => ask(socket));
	socket.on('message', (text) => {
		const { method, error } = JSON.parse(text);

		state[method ? 'news' : error ? 'refused' : 'answered']++;
	});
	socket.on('error', () => {});
	socket.on('close', () => {
		state.closed++;
		setTimeout(() => come(credentials), 100);
	});
}

createInterface({ input: process.stdin }).once('line',
	(line) => come(JSON.parse(line)));
setInterval(() => process.stdout.write(`${JSON.stringify(state)}\n`), 500);
