// SPDX-License-Identifier: Apache-2.0
// The county of the system tests, on a PostgreSQL of our own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeSync } from
	'node:fs';
import { execFileSync } from 'node:child_process';
import { after } from 'node:test';
import { freePort } from '../../system/lib/node.js';
import { scratch } from '../../system/lib/place.js';
import { World } from '../../system/lib/world.js';
import { OwnPostgres } from './postgres.js';
import { atEnd } from './processes.js';

export class County extends World {
	/**
	 * nodes: how many, on one port; settings: of all nodes; postgres: its
	 * settings; prepare(county): before PostgreSQL starts, may say where its
	 * data is to be.
	 */
	static async make({ nodes = 1, settings = {}, postgres = {},
		prepare = () => undefined } = {}) {
		const folder = mkdtempSync(`${scratch}/world-`);
		const county = new County(folder, process.env.HUIYIN_GOLDEN);

		chmodSync(folder, 0o755);
		mkdirSync(`${folder}/pg`);
		chmodSync(`${folder}/pg`, 0o777);
		county.port = await freePort();
		const data = await prepare(county) ?? county.copyData(`${folder}/pg`);
		county.pg = new OwnPostgres(`${folder}/pg`,
			{ settings: postgres, data });
		await county.pg.start();
		for (let i = 0; i < nodes; i++)
			await county.addNode({ port: county.port, ...settings },
				{ start: false });
		await Promise.all(county.nodes.map((node) => node.start()));
		return county;
	}

	/** A copy of the golden cluster's files in a folder; its path. */
	copyData(folder) {
		execFileSync('cp', ['-a', '--reflink=auto', `${this.golden}/pg/data`,
			`${folder}/data`]);
		return `${folder}/data`;
	}

	async addNode(...args) {
		const node = await super.addNode(...args);

		atEnd(() => {
			try {
				node.signal('SIGKILL');
			} catch {
				// it was never launched
			}
		});
		return node;
	}

	get url() {
		return `wss://127.0.0.1:${this.port}/ws`;
	}

	/** Waits until a node is ready; started anew when it has ended. */
	async bringUp(node) {
		node.environment = {};
		await node.start();
	}

	async end() {
		await super.end();
		try {
			rmSync(this.pg.data, { recursive: true, force: true });
		} catch (error) {
			/* its disk has gone with the power: tests/fault/run clears up */
			if (error.code !== 'ENOTCONN')
				throw error;
		}
	}
}

// What a failed test has left open does not hold up the run.
after(() => { setTimeout(() => process.exit(), 3000).unref(); });

/** Lines of progress, which tests/run shows. */
export function say(text) {
	writeSync(1, `#: ${text}\n`);
}
