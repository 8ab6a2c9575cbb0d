// SPDX-License-Identifier: Apache-2.0
// Many submissions by several sessions, kept by the client until they are
// settled: whatever is killed meanwhile is answered by saying them again under
// the same refs. What was settled goes to an oracle file before it counts.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Gone, Refusal } from './peer.js';
import { newRef } from './ref.js';
import { pause, within } from './wait.js';

export class Flood {
	#waiting; // by lane: indexes that are to be said (again)
	#refs;
	#done; // by lane: how many are settled
	#file;

	// connect(lane): a greeted peer, always the same identity: a ref belongs to
	// its author. params(i): what the i-th one says.
	constructor({ count, lanes = 6, window = 48, connect, params, file }) {
		Object.assign(this, { count, lanes, window, connect, params, file });
		this.#refs = Array.from({ length: count }, () => newRef());
		this.#waiting = Array.from({ length: lanes }, () => []);
		for (let i = count - 1; i >= 0; i--)
			this.#waiting[i % lanes].push(i);
		this.#file = openSync(file, 'w');
		this.#done = Array(lanes).fill(0);
		this.settled = new Map(); // ref -> receipt
		this.reconnects = 0;
		this.again = 0; // submissions that had to be said again
	}

	// Resolved when so many are settled: the moment to kill something.
	reached(count) {
		return new Promise((done) => {
			const look = () => (this.settled.size >= count ||
				this.failed ? done() : setTimeout(look, 1));
			look();
		});
	}

	async run(seconds = 180) {
		try {
			await within(seconds, 'all are settled', Promise.all(
				Array.from({ length: this.lanes }, (_, i) =>
					this.#lane(i))));
		} catch (error) {
			this.failed = error;
			throw error;
		} finally {
			closeSync(this.#file);
			this.#file = undefined;
		}
	}

	// ref -> receipt as the oracle file has it.
	oracle() {
		return new Map(readFileSync(this.file, 'utf8').split('\n')
			.filter(Boolean).map((line) => line.split(' ')));
	}

	// Its part is settled when as many are as it has.
	#isDone(number) {
		return this.#done[number] >=
			Math.ceil((this.count - number) / this.lanes);
	}

	async #lane(number) {
		while (!this.#isDone(number) && !this.failed) {
			const peer = await this.#connected(number);
			await Promise.all(Array.from({ length: this.window }, () =>
				this.#pump(peer, number)));
			peer.kill();
		}
	}

	async #connected(number) {
		for (;;) {
			try {
				return await this.connect(number);
			} catch {
				this.reconnects++;
				await pause(50);
				if (this.failed)
					throw this.failed;
			}
		}
	}

	// One at a time until nothing waits or the peer has gone.
	async #pump(peer, number) {
		while (!this.#isDone(number) && !this.failed) {
			const i = this.#waiting[number].pop();
			if (i === undefined) {
				await pause(5);
				if (this.#isDone(number) || peer.socket.readyState !== 1)
					return;
				continue;
			}
			if (!await this.#say(peer, i))
				return;
		}
	}

	async #say(peer, i) {
		const ref = this.#refs[i];
		try {
			const { receipt } = await peer.act('feedback.submit',
				this.params(i), ref, 60);
			this.#keep(ref, receipt);
			this.#done[i % this.lanes]++;
			return true;
		} catch (error) {
			this.#waiting[i % this.lanes].push(i);
			this.again++;
			if (error instanceof Gone)
				return false;
			if (!(error instanceof Refusal) || error.retry !== 'later')
				throw error;
			await pause(100);
			return true;
		}
	}

	#keep(ref, receipt) {
		if (this.#file === undefined)
			return;
		writeSync(this.#file, `${ref} ${receipt}\n`);
		if (this.settled.size % 64 === 0)
			fsyncSync(this.#file);
		this.settled.set(ref, receipt);
	}
}
