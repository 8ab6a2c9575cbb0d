// SPDX-License-Identifier: Apache-2.0
// A kiosk that submits without end: a window of acts on their way, every
// acknowledgement first written to an oracle file and fsynced, everything
// unanswered sent again under its own ref.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from
	'node:fs';
import { Gone, Peer, Refusal } from '../../system/lib/peer.js';
import { newRef } from '../../system/lib/ref.js';
import { pause } from '../../system/lib/wait.js';

const PATIENCE_S = 120;
const ROAM_EVERY = 150; // acts after which it comes anew, to any node

export class Submitter {
	#fd;
	#unsettled = []; // refs to be sent again, the oldest first
	#stopping = false;

	acts = new Map(); // ref -> {params, tries, result}
	settled = 0;
	resent = 0;
	connections = 0;
	wrong = []; // what must never happen, in words

	/**
	 * county: whose; name: of the kiosk; url: standard the county's; most:
	 * acts; oracle: a file.
	 */
	constructor(county, name, { window = 64, most = Infinity, url } = {}) {
		Object.assign(this, { county, name, window, most,
			url: url ?? county.url,
			region: county.kiosks[name],
			oracle: `${county.folder}/oracle.${name}` });
		this.#fd = openSync(this.oracle, 'a');
	}

	#next() {
		if (this.#unsettled.length > 0)
			return this.#unsettled.shift();
		if (this.#stopping || this.acts.size >= this.most)
			return undefined;
		const ref = newRef();

		this.acts.set(ref, { tries: 0, params: { region: this.region,
			service: 'need', text: `${this.acts.size} ${ref} 要修路` } });
		return ref;
	}

	#acknowledged(ref, result) {
		const act = this.acts.get(ref);

		if (act.result) {
			if (act.result.receipt !== result.receipt ||
			    act.result.key !== result.key)
				this.wrong.push(`${ref} was ${act.result.receipt}, then ` +
					result.receipt);
			return;
		}
		writeSync(this.#fd, `${ref} ${result.receipt} ${result.key}\n`);
		fsyncSync(this.#fd);
		act.result = result;
		this.settled++;
	}

	async #submit(peer, ref) {
		const act = this.acts.get(ref);

		if (act.tries++ > 0)
			this.resent++;
		try {
			this.#acknowledged(ref, await peer.act('feedback.submit',
				act.params, ref, PATIENCE_S));
		} catch (error) {
			this.#unsettled.push(ref);
			if (error instanceof Refusal && error.retry === 'later')
				await pause(200);
			else if (!(error instanceof Gone))
				this.wrong.push(`${ref}: ${error.message}`);
		}
	}

	async #worker(peer, state) {
		let ref;

		while (state.open && this.wrong.length < 5 &&
		       state.left-- > 0 && (ref = this.#next()) !== undefined)
			await this.#submit(peer, ref);
	}

	async #come() {
		const peer = await Peer.connect(this.url, { ca: this.county.ca });
		const state = { open: true, left: ROAM_EVERY };

		this.connections++;
		peer.closed.then(() => { state.open = false; });
		try {
			await peer.act('hello', { protocol: 1, client: 'fault-test/1',
				...this.county.credentials(this.name) });
			await Promise.all(Array.from({ length: this.window },
				() => this.#worker(peer, state)));
			this.wrong.push(...peer.violations);
		} finally {
			peer.kill();
		}
	}

	/** Ends when all that was begun is settled and nothing more is wanted. */
	async run() {
		let wait = 20;

		while (this.wrong.length < 5 && !this.isDone) {
			const before = this.settled;

			try {
				await this.#come();
			} catch (error) {
				if (error instanceof Refusal && error.retry !== 'later')
					this.wrong.push(`hello: ${error.message}`);
			}
			wait = this.settled > before ? 10 : Math.min(wait * 2, 200);
			await pause(wait * (0.5 + Math.random()));
		}
		closeSync(this.#fd);
		return this;
	}

	get isDone() {
		return (this.#stopping || this.acts.size >= this.most) &&
			this.settled === this.acts.size;
	}

	/** Begins nothing new. */
	stop() {
		this.#stopping = true;
	}

	/** Gives up, settled or not. */
	abandon() {
		this.wrong.push(...Array(5).fill('abandoned'));
	}
}

function readOracle(file, rows, count) {
	for (const line of readFileSync(file, 'utf8').split('\n')) {
		const [ref, receipt] = line.split(' ');

		if (!receipt)
			continue;
		count.acknowledged++;
		count.lost += rows.get(ref) === receipt ? 0 : 1;
	}
}

/**
 * Compares what submitters wrote down with the table. strange: rows nobody
 * submitted.
 */
export async function compare(pg, submitters) {
	const rows = new Map();
	const count = { rows: 0, acknowledged: 0, lost: 0, doubled: 0,
		strange: 0 };
	const known = new Set(submitters.flatMap((s) => [...s.acts.keys()]));

	for (const [ref, receipt] of await pg.rows(
		'select ref, receipt from huiyin.feedback')) {
		count.rows++;
		count.doubled += rows.has(ref) ? 1 : 0;
		count.strange += known.has(ref) ? 0 : 1;
		rows.set(ref, receipt);
	}
	for (const { oracle } of submitters)
		readOracle(oracle, rows, count);
	return count;
}
