// SPDX-License-Identifier: Apache-2.0
// A node that runs out of memory at chosen moments: one life of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pause, until } from '../../system/lib/wait.js';
import { Starver, readable } from './starve.js';
import { isServed, metricsOf } from './talk.js';

const SETTINGS = { acts_per_second: 100000, handshake_seconds: 2 };

export class StarvedNode {
	/** county: whose; kiosk: by whom it is looked at. */
	static async make(county, kiosk) {
		const it = new StarvedNode();
		const node = await county.addNode({ port: county.port, ...SETTINGS },
			{ start: false });

		Object.assign(it, { county, kiosk, node,
			starver: new Starver(`${county.folder}/${node.name}`) });
		return it;
	}

	async start() {
		this.node.environment = this.starver.environment();
		await this.node.start();
	}

	/** What it said since the file had so many characters. */
	#said(from) {
		return readFileSync(this.node.logFile, 'utf8').slice(from);
	}

	/** Where the allocations failed, and what the node said. */
	#story(n, many, error) {
		return `allocation ${n} (${many}): ${error.stack}\n` +
			`${this.starver.places.map(readable).join('\n--\n')}\n` +
			this.#said(-1500);
	}

	/** what() while the nth allocation fails; then all is as before. */
	async without(n, many, what) {
		const { starver, county, node, kiosk } = this;

		starver.forgetPlaces();
		starver.arm(n, many);
		try {
			await what();
			await metricsOf(node.settings.admin_port);
			const hit = many - starver.left;
			starver.disarm();
			await isServed(county, node.url, kiosk);
			return hit;
		} catch (error) {
			throw new Error(this.#story(n, many, error));
		} finally {
			starver.disarm();
		}
	}

	/** SIGTERM ends it as if nothing had been. */
	async stop() {
		const { code, signal } = await this.node.stop();

		assert.deepEqual({ code, signal }, { code: 0, signal: null },
			this.#said(-3000));
		assert.doesNotMatch(this.#said(0), /must\(/);
	}

	/**
	 * Started with its nth allocation failing: 'served', or 'ended' by itself
	 * with a message; anything else is thrown.
	 */
	async begin(n, many) {
		const { node, starver } = this;
		const from = this.#said(0).length;
		let how;

		starver.forgetPlaces();
		node.environment = starver.environment(n, many);
		node.launch();
		node.ended.then((ended) => { how = ended; });
		try {
			await until('it is ready or has ended', async () =>
				how ?? (await node.get('/ready')).status === 200,
			{ seconds: 20 });
			if (!how) {
				starver.disarm();
				await isServed(this.county, node.url, this.kiosk);
				await this.stop();
				return 'served';
			}
			await pause(0);
			assert.equal(how.signal, null);
			assert.notEqual(how.code, 0);
			assert.notEqual(this.#said(from).trim(), '');
			return 'ended';
		} catch (error) {
			throw new Error(this.#story(n, many, error));
		}
	}
}
