// SPDX-License-Identifier: Apache-2.0
// One program of client-lib/examples, run as its reader would run it.
import { execFileSync, spawn } from 'node:child_process';
import { build, root } from './place.js';
import { until, within } from './wait.js';

const python = '/usr/bin/python3';

// Python is not built with ASan and the library is: ASan has to come first.
function forPython() {
	const asan = execFileSync('gcc', ['-print-file-name=libasan.so'],
		{ encoding: 'utf8' }).trim();
	return { LD_PRELOAD: asan, PYTHONUNBUFFERED: '1',
		LIBHUIYIN: `${build}/client-lib/libhuiyin.so`,
		ASAN_OPTIONS: 'detect_leaks=0' };
}

// What is started for the file of that name: [program, arguments, environment].
function command(file) {
	if (file.endsWith('.py'))
		return [python, [`${root}/client-lib/examples/${file}`],
			forPython()];
	return [program(file), [], {}];
}

export const program = (file) => `${build}/examples/example_` +
	file.replace(/\.c$/, '').replace(/\.cpp$/, '_cpp');

export class Example {
	#child;

	constructor(file, args) {
		const [path, before, environment] = command(file);
		this.file = file;
		this.out = '';
		this.err = '';
		this.#child = spawn(path, [...before, ...args],
			{ env: { PATH: process.env.PATH, ...environment } });
		this.#child.stdout.setEncoding('utf8').on('data', (text) => {
			this.out += text;
		});
		this.#child.stderr.setEncoding('utf8').on('data', (text) => {
			this.err += text;
		});
		this.#child.stdin.on('error', () => {});
		this.#child.on('error', (error) => { this.err += error.message; });
		this.closed = new Promise((done) => {
			this.#child.on('close', (code, signal) =>
				done(code ?? signal));
		});
	}

	// The match of what it has to print.
	says(pattern, seconds = 30) {
		return until(`${this.file} prints ${pattern}`,
			() => pattern.exec(this.out), { seconds }).catch((error) => {
			throw new Error(`${error.message}: ${this.out}${this.err}`);
		});
	}

	type(line) {
		this.#child.stdin.write(`${line}\n`);
	}

	endInput() {
		this.#child.stdin.end();
	}

	signal(name) {
		this.#child.kill(name);
	}

	// Its exit code, or the signal it died of.
	ended(seconds = 30) {
		return within(seconds, `${this.file} ends`, this.closed);
	}
}
