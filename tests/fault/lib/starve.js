// SPDX-License-Identifier: Apache-2.0
// A process whose allocations fail where a test wants it: failmalloc.so and
// its file of control.
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync,
	readSync, truncateSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { build } from '../../system/lib/place.js';

const FROM = 0, LEFT = 8, SEEN = 16, KEPT = 24, SIZE = 32;

/** Control of one process: its environment, and what may be told to it. */
export class Starver {
	#fd;

	constructor(name) {
		this.trace = `${name}.trace`;
		this.count = `${name}.count`;
		this.control = `${name}.control`;
		this.#fd = openSync(this.control, 'w+');
		ftruncateSync(this.#fd, SIZE);
	}

	/** n: the allocation that fails, counted from the start; 0: none. */
	environment(n = 0, many = 1) {
		return { LD_PRELOAD: `${build}/fault/failmalloc.so`,
			FAILMALLOC_N: String(n), FAILMALLOC_MANY: String(many),
			FAILMALLOC_CONTROL: this.control, FAILMALLOC_TRACE: this.trace,
			FAILMALLOC_COUNT: this.count };
	}

	#get(at) {
		const bytes = Buffer.alloc(8);

		readSync(this.#fd, bytes, 0, 8, at);
		return Number(bytes.readBigInt64LE());
	}

	#set(at, value) {
		const bytes = Buffer.alloc(8);

		bytes.writeBigInt64LE(BigInt(value));
		writeSync(this.#fd, bytes, 0, 8, at);
	}

	/** Allocations since the process began. */
	get seen() {
		return this.#get(SEEN);
	}

	/** Those of them that were not freed yet. */
	get kept() {
		return this.#get(KEPT);
	}

	/** How many are still to fail. */
	get left() {
		return Math.max(0, this.#get(LEFT));
	}

	/** The nth allocation from now on fails, and many - 1 after it. */
	arm(n, many = 1) {
		this.#set(FROM, this.seen + n);
		this.#set(LEFT, many);
	}

	disarm() {
		this.#set(LEFT, 0);
	}

	/** Whence the failed ones were asked for, the last at the end. */
	get places() {
		return existsSync(this.trace) ?
			readFileSync(this.trace, 'utf8').split('--\n').slice(0, -1) : [];
	}

	forgetPlaces() {
		if (existsSync(this.trace))
			truncateSync(this.trace);
	}

	end() {
		closeSync(this.#fd);
	}
}

/** A trace with the names of our own functions, as far as they are known. */
export function readable(place) {
	return place.trim().split('\n').slice(2).map((line) => {
		const [, file, offset] = /^(.*)\(\+(0x[0-9a-f]+)\)/.exec(line) ?? [];

		if (!file?.startsWith(build))
			return line.replace(/ \[.*$/, '');
		return execFileSync('addr2line', ['-fpe', file, offset],
			{ encoding: 'utf8' }).trim();
	}).slice(0, 24).join('\n');
}
