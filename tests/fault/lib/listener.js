// SPDX-License-Identifier: Apache-2.0
// A kiosk that listens without end: it keeps notices and its cursor, and comes
// back with them whenever the line breaks or goes silent.
import { Gone, Peer, Refusal } from '../../system/lib/peer.js';
import { pause, within } from '../../system/lib/wait.js';

const SIGN_OF_LIFE_MS = 1000;
const SILENCE_S = 4;

export class Listener {
	kept = []; // notices in the order in which they came
	cursor = 0;
	epoch = undefined;
	connections = 0;
	replays = { none: 0, since: 0, all: 0 };
	anew = 0; // times it came with a cursor and was sent everything
	wrong = [];
	#stopping = false;
	#peer;

	constructor(county, name, { url } = {}) {
		Object.assign(this, { county, name, url: url ?? county.url,
			region: county.kiosks[name] });
	}

	/** All that is in force comes anew: what was kept counts no more. */
	#beginAnew(replay) {
		this.replays[replay]++;
		if (replay !== 'all')
			return;
		this.anew += this.cursor > 0 ? 1 : 0;
		this.kept = [];
	}

	#hear({ id, result, method, params }) {
		if (id === 'hello' && result) {
			this.epoch = result.epoch;
			this.#beginAnew(result.replay);
		} else if (method === 'notice') {
			this.kept.push(params);
			this.cursor = params.seq;
		} else if (method === 'caught_up') {
			this.cursor = params.cursor;
		}
	}

	async #listen() {
		const peer = await Peer.connect(this.url, { ca: this.county.ca });
		let open = true;

		this.#peer = peer;
		this.connections++;
		peer.closed.then(() => { open = false; });
		peer.socket.on('message', (text) => this.#hear(JSON.parse(text)));
		try {
			await peer.act('hello', { protocol: 1, client: 'fault-test/1',
				cursor: this.cursor, epoch: this.epoch,
				...this.county.credentials(this.name) }, 'hello', SILENCE_S);
			while (open && !this.#stopping) {
				await peer.act('ping', {}, undefined, SILENCE_S);
				peer.heard('notice'); // kept here, not there
				await pause(SIGN_OF_LIFE_MS);
			}
		} finally {
			this.wrong.push(...peer.violations);
			peer.kill();
		}
	}

	async run() {
		while (!this.#stopping) {
			try {
				await within(600, 'the end of a session', this.#listen());
			} catch (error) {
				if (error instanceof Refusal && error.retry !== 'later')
					this.wrong.push(error.message);
				else if (!(error instanceof Gone) && !error.code &&
				    !/not within|hang up|socket|answered|handshake has timed/.test(error.message))
					this.wrong.push(`${error.stack}`);
			}
			await pause(20 + Math.random() * 180);
		}
	}

	stop() {
		this.#stopping = true;
		this.#peer?.kill();
	}

	/** After stop: run() may be called anew. */
	again() {
		this.#stopping = false;
	}
}

/** Is a region at or below another? Codes end in zeros from their level on. */
const isBelow = (region, above) =>
	[2, 4, 6, 9, 12].some((n) => above === above.slice(0, n).padEnd(12, '0') &&
		region.startsWith(above.slice(0, n)));

/** What the table says a kiosk there should have. */
export async function noticesFor(pg, region) {
	const rows = await pg.rows(`select seq, notice, headline, description,
		array_to_string(regions, ' ') from huiyin.notice
		where seq is not null order by seq`);

	return rows.filter((row) => row[4].split(' ')
		.some((above) => isBelow(region, above)))
		.map(([seq, notice, headline, description]) =>
			({ seq: Number(seq), notice, headline, description }));
}

/** The same of what a listener has kept. */
export const keptBy = (listener) => listener.kept.map(
	({ seq, notice, headline, description }) =>
		({ seq, notice, headline, description }));
