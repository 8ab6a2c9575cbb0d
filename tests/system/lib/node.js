// SPDX-License-Identifier: Apache-2.0
// One huiyind: started, watched, stopped and killed by its own pid.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { build, root } from './place.js';
import { until, within } from './wait.js';

const taken = new Set();

// A free port below the ephemeral ones.
export async function freePort() {
	for (;;) {
		const port = 20000 + Math.floor(Math.random() * 12000);
		if (taken.has(port))
			continue;
		const free = await new Promise((done) => {
			const server = createServer();
			server.once('error', () => done(false));
			server.listen(port, '127.0.0.1', () =>
				server.close(() => done(true)));
		});
		if (free) {
			taken.add(port);
			return port;
		}
	}
}

export class HuiyinNode {
	#child;

	constructor(folder, name, settings, environment = {}) {
		Object.assign(this, { folder, name, settings, environment });
		this.config = `${folder}/${name}.yaml`;
		this.logFile = `${folder}/${name}.log`;
	}

	get url() {
		return `wss://127.0.0.1:${this.settings.port}/ws`;
	}

	get log() {
		return readFileSync(this.logFile, 'utf8');
	}

	get pid() {
		return this.#child.pid;
	}

	// Resolved with {code, signal} when it has ended.
	get ended() {
		return this.#child.ended;
	}

	launch() {
		writeFileSync(this.config, Object.entries({ node: this.name,
			...this.settings }).map(([key, value]) =>
			`${key}: ${JSON.stringify(value)}\n`).join(''), { mode: 0o600 });
		const log = openSync(this.logFile, 'a');
		const child = spawn(`${build}/bin/huiyind`,
			['--config', this.config], {
				stdio: ['ignore', log, log],
				env: { PATH: process.env.PATH, TZ: 'Asia/Shanghai',
					ASAN_OPTIONS: 'exitcode=99',
					UBSAN_OPTIONS: 'print_stacktrace=1',
					LSAN_OPTIONS: 'suppressions=' +
						`${root}/tests/lib/lsan.supp`,
					...this.environment } });
		closeSync(log);
		child.ended = new Promise((done) => {
			child.on('exit', (code, signal) => done({ code, signal }));
		});
		this.#child = child;
		return this;
	}

	async start() {
		this.launch();
		let gone;
		this.ended.then((how) => { gone = how; });
		await until(`${this.name} is ready`, async () => {
			if (gone)
				throw new Error(`${this.name} ended: ` +
					`${JSON.stringify(gone)}\n${this.log.slice(-2000)}`);
			return (await this.get('/ready')).status === 200;
		}, { seconds: 30 });
		return this;
	}

	async get(path) {
		const answer = await fetch(
			`http://127.0.0.1:${this.settings.admin_port}${path}`,
			{ headers: { connection: 'close' },
				signal: AbortSignal.timeout(5000) });
		return { status: answer.status, text: await answer.text() };
	}

	// Name (with labels) -> number.
	async metrics() {
		const { text } = await this.get('/metrics');
		return new Map(text.split('\n').filter((l) => l && l[0] !== '#')
			.map((l) => {
				const at = l.lastIndexOf(' ');
				return [l.slice(0, at), Number(l.slice(at + 1))];
			}));
	}

	async metric(name) {
		return (await this.metrics()).get(`huiyin_${name}`);
	}

	signal(name) {
		this.#child.kill(name);
	}

	// kill -9; resolved when it is dead.
	async kill() {
		this.signal('SIGKILL');
		await this.ended;
	}

	// A clean end; the sanitizers' last words count.
	async stop(seconds = 30) {
		if (this.#child.exitCode !== null || this.#child.signalCode)
			return this.ended;
		this.signal('SIGTERM');
		try {
			return await within(seconds, `${this.name} stops`, this.ended);
		} catch (error) {
			await this.kill();
			throw error;
		}
	}

	// Resident memory in KiB.
	get memory() {
		const text = readFileSync(`/proc/${this.pid}/status`, 'utf8');
		return Number(/^VmRSS:\s+(\d+)/m.exec(text)[1]);
	}
}
