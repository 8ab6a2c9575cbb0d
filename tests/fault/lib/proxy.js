// SPDX-License-Identifier: Apache-2.0
// chaosproxy.py: a bad network between a test and a node or PostgreSQL.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from '../../system/lib/wait.js';
import { between } from './chance.js';
import { start } from './processes.js';

const program = fileURLToPath(new URL('../chaosproxy.py', import.meta.url));

export class Proxy {
	/** target: HOST:PORT or the path of a Unix socket; options: its flags. */
	static async to(target, options = {}) {
		const flags = Object.entries({ seed: between(1, 1e9), ...options })
			.flatMap(([name, value]) => [`--${name}`, String(value)]);
		const proxy = new Proxy();

		proxy.child = start('python3', [program, target, ...flags],
			{ stdio: ['pipe', 'pipe', 'inherit'] });
		proxy.lines = createInterface({ input: proxy.child.stdout })[
			Symbol.asyncIterator]();
		proxy.port = Number(await proxy.#line());
		return proxy;
	}

	async #line() {
		return (await within(10, 'a line of the proxy', this.lines.next()))
			.value;
	}

	get url() {
		return `wss://127.0.0.1:${this.port}/ws`;
	}

	/** down, up or hole. */
	tell(command) {
		this.child.stdin.write(`${command}\n`);
	}

	async stats() {
		this.tell('stats');
		return JSON.parse(await this.#line());
	}

	async end() {
		this.tell('quit');
		await within(10, 'the end of the proxy', this.child.ended);
	}
}
