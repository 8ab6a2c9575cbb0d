// SPDX-License-Identifier: Apache-2.0
// The command line huiyin, with an allocation that fails.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from '../../system/lib/place.js';
import { within } from '../../system/lib/wait.js';
import { Starver, readable } from './starve.js';

const PATIENCE_S = 40;

export class Cli {
	#runs = 0;

	/** county: whose; kiosk: as whom it speaks. */
	constructor(county, kiosk) {
		const folder = `${county.folder}/cli`;

		mkdirSync(folder);
		writeFileSync(`${folder}/secret`, county.secrets[kiosk],
			{ mode: 0o600 });
		Object.assign(this, { county, folder, environment: {
			PATH: process.env.PATH, HUIYIN_URL: county.url,
			HUIYIN_CA: `${county.golden}/tls/ca.pem`, HUIYIN_AS: 'kiosk',
			HUIYIN_NAME: kiosk, HUIYIN_SECRET_FILE: `${folder}/secret` } });
	}

	/** A folder for a store of its own. */
	newStore() {
		return `${this.folder}/store${this.#runs++}`;
	}

	/**
	 * Runs it with its nth allocation failing, and many - 1 after it (0:
	 * none). {code, out, err, seen, story}; what ends by a signal, or not at
	 * all, is an error.
	 */
	async run(args, { n = 0, many = 1, environment = {} } = {}) {
		const starver = new Starver(`${this.folder}/run${this.#runs++}`);
		const child = spawn(`${build}/bin/huiyin`, ['--json', ...args], {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...this.environment, ...starver.environment(n, many),
				...environment } });
		const said = { out: '', err: '' };

		child.stdout.on('data', (text) => { said.out += text; });
		child.stderr.on('data', (text) => { said.err += text; });
		const closed = new Promise((done) => {
			child.on('close', (code, signal) => done({ code, signal }));
		});
		const { code, signal } = await within(PATIENCE_S,
			`huiyin ${args.join(' ')} ends`, closed).catch((error) => {
			child.kill('SIGKILL');
			return { signal: error.message };
		});
		const story = `huiyin ${args.join(' ')}, allocation ${n} (${many}): ` +
			`${code ?? signal}\n${said.out}${said.err}` +
			starver.places.map(readable).join('\n--\n');
		const seen = starver.seen;

		starver.end();
		if (code === null || code === undefined)
			throw new Error(story);
		return { code, ...said, seen, story };
	}
}

/** What was printed: an object a line. */
export const lines = (out) => out.split('\n').filter(Boolean)
	.map((line) => JSON.parse(line));
