// SPDX-License-Identifier: Apache-2.0
// An independent client: JSON-RPC over npm ws. Whatever the server says is
// held against openrpc.json; a difference is an error of the test.
import WebSocket from 'ws';
import { acts, columnsIn, columnsOf, faultOf, news, refusals } from
	'./schema.js';
import { newRef } from './ref.js';
import { unsqueezed } from './squeezed.js';
import { within } from './wait.js';

export class Refusal extends Error {
	constructor(error, method) {
		super(`${method} was refused: ${error.data?.tag} ` +
			`${error.data?.path ?? ''} (${error.message})`);
		Object.assign(this, { error, code: error.code, ...error.data,
			text: error.message });
	}
}

// How deep objects and lists are nested.
const depthOf = (value) => value === null || typeof value !== 'object' ? 0 :
	1 + Math.max(0, ...Object.values(value).map(depthOf));

export class Gone extends Error {}

// Act -> the columns that its answers to peers of this file had.
const seen = new Map();

// The columns of an act that are promised and that nobody here was answered.
export const unseen = (name) => columnsOf(acts.get(name).result.schema)
	.filter((column) => !seen.get(name)?.has(column));

export class Peer {
	#socket;
	#waiting = new Map(); // id -> {method, done, fail}
	#heard = []; // news nobody has asked for yet
	#listeners = []; // those who wait for news
	#next = 1;

	constructor(socket) {
		this.#socket = socket;
		this.violations = [];
		this.closed = new Promise((done) => {
			socket.on('close', (code, reason) => {
				this.#end(code);
				done({ code, reason: reason.toString() });
			});
		});
		socket.on('error', () => {});
		// Binary are notices that came squeezed; `binary` counts them.
		this.binary = 0;
		socket.on('message', (data, isBinary) => {
			this.binary += isBinary;
			this.#take(isBinary ? unsqueezed(data) : data.toString());
		});
	}

	static connect(url, { ca, protocol = 'huiyin.v1', ...more } = {}) {
		const socket = new WebSocket(url, protocol, {
			ca, perMessageDeflate: false, handshakeTimeout: 15000,
			...more });
		const peer = new Peer(socket);
		return new Promise((done, fail) => {
			socket.once('open', () => done(peer));
			socket.once('error', fail);
			socket.once('unexpected-response', (_, answer) =>
				fail(Object.assign(new Error(
					`answered ${answer.statusCode}`),
				{ status: answer.statusCode })));
		});
	}

	get socket() {
		return this.#socket;
	}

	get waiting() {
		return this.#waiting.size;
	}

	// Bytes or text as they are.
	raw(data, options = {}) {
		this.#socket.send(data, options);
	}

	// An act; its result, or a Refusal thrown.
	act(method, params = {}, id = this.#idFor(method), seconds = 20) {
		if (this.#socket.readyState !== WebSocket.OPEN)
			return Promise.reject(new Gone('the connection has gone'));
		const answer = new Promise((done, fail) => {
			this.#waiting.set(id, { method, done, fail });
		});
		this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
		return within(seconds, `answer to ${method}`, answer);
	}

	// The Refusal of an act that must be refused.
	async refused(method, params, id) {
		let result;
		try {
			result = await this.act(method, params, id);
		} catch (error) {
			if (error instanceof Refusal)
				return error;
			throw error;
		}
		throw new Error(`${method} was not refused: ` +
			JSON.stringify(result));
	}

	// The next answer to a raw message, whatever its id.
	answer(seconds = 20) {
		const found = new Promise((done) => {
			this.onAnswer = (message) => {
				this.onAnswer = undefined;
				done(message);
			};
		});
		return within(seconds, 'an answer', found);
	}

	// The first news of that name not yet taken that fits.
	news(name, fits = () => true, seconds = 20) {
		const at = this.#heard.findIndex(
			(n) => n.method === name && fits(n.params));
		if (at >= 0)
			return Promise.resolve(this.#heard.splice(at, 1)[0].params);
		const found = new Promise((done, fail) => {
			this.#listeners.push({ name, fits, done, fail });
		});
		return within(seconds, `news ${name}`, found);
	}

	// All news of that name heard and not taken.
	heard(name) {
		const taken = this.#heard.filter((n) => n.method === name);
		this.#heard = this.#heard.filter((n) => n.method !== name);
		return taken.map((n) => n.params);
	}

	// A round trip: what was said before has been dealt with.
	async settle() {
		await this.act('ping');
		return this;
	}

	close() {
		this.#socket.close();
		return within(10, 'close', this.closed);
	}

	kill() {
		this.#socket.terminate();
	}

	#idFor(method) {
		return acts.get(method)?.['x-writes'] ? newRef() :
			`r${this.#next++}`;
	}

	#end(code) {
		const gone = new Gone(`the connection has gone (${code})`);
		for (const { fail } of this.#waiting.values())
			fail(gone);
		this.#waiting.clear();
		for (const { fail } of this.#listeners.splice(0))
			fail(gone);
	}

	#take(text) {
		const message = JSON.parse(text);
		if (message.jsonrpc !== '2.0')
			this.#violated('no JSON-RPC', text);
		if (depthOf(message) > 8)
			this.#violated('deeper than any client reads', text);
		if (message.method)
			this.#hear(message);
		else
			this.#answered(message);
	}

	#hear({ method, params }) {
		const row = news.get(method);
		const fault = row ? faultOf(row.params, params) : 'unknown news';
		if (fault)
			this.#violated(`news ${method}: ${fault}`);
		const at = this.#listeners.findIndex(
			(l) => l.name === method && l.fits(params));
		if (at >= 0)
			this.#listeners.splice(at, 1)[0].done(params);
		else
			this.#heard.push({ method, params });
	}

	#answered(message) {
		const waiting = this.#waiting.get(message.id);
		this.#waiting.delete(message.id);
		if (message.error)
			this.#checkRefusal(message.error);
		else if (waiting)
			this.#checkResult(waiting.method, message.result);
		if (waiting && message.error)
			waiting.fail(new Refusal(message.error, waiting.method));
		else if (waiting)
			waiting.done(message.result);
		this.onAnswer?.(message);
	}

	#checkResult(method, result) {
		const fault = faultOf(acts.get(method).result.schema, result);
		if (fault)
			this.#violated(`result of ${method}: ${fault}`);
		const schema = acts.get(method).result.schema;
		const columns = columnsIn(schema, result);
		const named = new Set(columnsOf(schema));
		for (const column of columns)
			if (!named.has(column))
				this.#violated(`result of ${method}: no row names ${column}`);
		seen.set(method, new Set([...seen.get(method) ?? [], ...columns]));
	}

	#checkRefusal({ code, message, data }) {
		const row = refusals[data?.tag];
		if (!row || row.code !== code || !message || !data.allow ||
		    row.data.retry !== data.retry ||
		    (data.retry === 'later') !== Number.isInteger(data.after))
			this.#violated('refusal', JSON.stringify({ code, data }));
	}

	#violated(...what) {
		this.violations.push(what.join(' '));
	}
}
