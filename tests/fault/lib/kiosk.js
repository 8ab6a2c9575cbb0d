// SPDX-License-Identifier: Apache-2.0
// A kiosk on libhuiyin, kiosk_endless, in a process of its own: launched,
// killed, launched again on the same store; and its diary held against what
// PostgreSQL has.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { build } from '../../system/lib/place.js';
import { within } from '../../system/lib/wait.js';
import { atEnd } from './processes.js';

const program = `${build}/fault/kiosk_endless`;

export class Kiosk {
	lives = 0;
	#child;
	#lines;

	/**
	 * county: whose; name: of the kiosk; url, ca: of the server; store: its
	 * folder; most, ahead, look: see kiosk_endless.c; through: a command in
	 * front of it; environment: more of it.
	 */
	constructor(county, name, { url = county.url, store, most, ahead, look,
		ca = `${county.golden}/tls/ca.pem`, through = [],
		environment = {} } = {}) {
		const folder = `${county.folder}/${name}`;

		mkdirSync(folder);
		Object.assign(this, { county, name, url, ca, through,
			store: store ?? `${folder}/store`, diary: `${folder}/diary`,
			region: county.kiosks[name],
			environment: { PATH: process.env.PATH, TZ: 'Asia/Shanghai',
				KIOSK_SECRET: county.secrets[name],
				...(most !== undefined ? { KIOSK_MOST: most } : {}),
				...(ahead ? { KIOSK_AHEAD: ahead } : {}),
				...(look ? { KIOSK_LOOK: 1 } : {}), ...environment } });
	}

	launch() {
		const [command, ...args] = [...this.through, program, this.url,
			this.ca, this.name, this.region, this.store, this.diary];
		const child = spawn(command, args, { env: this.environment,
			stdio: ['pipe', 'pipe', 'pipe'] });

		this.lives++;
		this.#child = child;
		child.words = '';
		child.stdin.on('error', () => {});
		child.stderr.on('data', (text) => { child.words += text; });
		child.ended = new Promise((done) => {
			child.on('exit', (code, signal) => done({ code, signal,
				words: child.words }));
		});
		this.#lines = createInterface({ input: child.stdout })[
			Symbol.asyncIterator]();
		atEnd(() => child.kill('SIGKILL'));
		return this;
	}

	get pid() {
		return this.#child.pid;
	}

	get ended() {
		return this.#child.ended;
	}

	get isAlive() {
		return this.#child.exitCode === null && !this.#child.signalCode;
	}

	/** It has looked into its store, and waits for go(). */
	async looked() {
		const { value } = await within(20, `${this.name} looks`, Promise.race(
			[this.#lines.next(), this.ended]));

		if (value !== 'looked')
			throw new Error(`${this.name} ended: ${this.#child.words}`);
	}

	go() {
		this.#child.stdin.write('go\n');
	}

	/** Ends by itself once all is settled. */
	stop() {
		this.#child.stdin.write('stop\n');
	}

	/** kill -9; it must have lived until now. */
	async kill() {
		this.#child.kill('SIGKILL');
		const { signal, words } = await this.ended;

		if (signal !== 'SIGKILL')
			throw new Error(`${this.name} had ended: ${words}`);
	}

	/** Resident memory in KiB, now and at most. */
	get memory() {
		const text = readFileSync(`/proc/${this.pid}/status`, 'utf8');
		const of = (what) => Number(
			new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(text)[1]);

		return { now: of('VmRSS'), most: of('VmHWM') };
	}

	/** The words of each line of its diary. */
	lines() {
		return existsSync(this.diary) ? readFileSync(this.diary, 'utf8')
			.split('\n').filter(Boolean).map((line) => line.split(' ')) : [];
	}

	/** How many lines say so. */
	count(word) {
		return this.lines().filter(([first]) => first === word).length;
	}
}

/** What a diary says: maps by the number of an act, and the rest. */
export function readDiary(kiosk) {
	const said = { kept: new Map(), not: new Map(), settled: new Map(),
		refused: [], trouble: [], cutOff: new Set(), contradicted: 0 };
	let open;

	const endLife = () => {
		if (open !== undefined)
			said.cutOff.add(open); // nobody knows what became of it
		open = undefined;
	};

	for (const [word, first, second] of kiosk.lines()) {
		if (word === 'life') {
			endLife();
		} else if (word === 'try') {
			open = first;
		} else if (word === 'kept' || word === 'not') {
			said[word].set(first, second);
			open = undefined;
		} else if (word === 'settled') {
			said.contradicted += said.settled.has(first) &&
				said.settled.get(first) !== second ? 1 : 0;
			said.settled.set(first, second);
		} else if (word === 'refused') {
			said.refused.push(second);
		} else if (word === 'trouble') {
			said.trouble.push(first);
		}
	}
	endLife();
	return said;
}

const byNumber = (a, b) => a.number - b.number;

/** The rows of a kiosk in PostgreSQL, by the number of the act. */
async function rowsOf(county, { name }) {
	const rows = await county.pg.rows(`select f.ref, f.receipt, f.said,
		extract(epoch from f.filed_at) from huiyin.feedback f
		join huiyin.principal p on p.id = f.author where p.name = '${name}'`);

	return rows.map(([ref, receipt, said, at]) => ({ ref, receipt,
		number: said.split(' ')[0], at: Number(at) })).sort(byNumber);
}

/**
 * Holds the diaries of kiosks that have ended by themselves against the rows.
 * acts: accepted by the library; unwritten: those of which a kill left no
 * line; lost, doubled; false: came though they were said not to be kept;
 * strange: nobody submitted them; disordered: came before an earlier one of
 * the same kiosk; untold: settled and never handed out, or with another
 * receipt.
 */
export async function compare(county, kiosks) {
	const count = { acts: 0, unwritten: 0, lost: 0, doubled: 0, false: 0,
		strange: 0, disordered: 0, untold: 0, refused: 0 };

	for (const kiosk of kiosks) {
		const said = readDiary(kiosk);
		const rows = await rowsOf(county, kiosk);
		const found = new Map(rows.map((row) => [row.number, row]));

		count.acts += found.size;
		count.doubled += rows.length - found.size;
		count.refused += said.refused.length;
		count.untold += said.contradicted;
		for (const [number, ref] of said.kept)
			count.lost += found.get(number)?.ref === ref ? 0 : 1;
		for (const [i, { number, ref, receipt, at }] of rows.entries()) {
			count.unwritten += said.cutOff.has(number) ? 1 : 0;
			count.false += said.not.has(number) ? 1 : 0;
			count.strange += said.kept.has(number) ||
				said.cutOff.has(number) || said.not.has(number) ? 0 : 1;
			count.disordered += i > 0 && rows[i - 1].at > at ? 1 : 0;
			count.untold += said.settled.get(ref) === receipt ? 0 : 1;
		}
	}
	return count;
}

/** compare() of a world without faults. */
export const faultless = ({ acts, unwritten }) => ({ acts, unwritten, lost: 0,
	doubled: 0, false: 0, strange: 0, disordered: 0, untold: 0, refused: 0 });

/** Numbers and ids of the notices its store held at the end. */
export function heldAtLast(kiosk) {
	const lines = kiosk.lines();
	const from = lines.findLastIndex(([word]) => word !== 'held');

	return lines.slice(from + 1).map(([, seq, id]) => [seq, id]);
}

/** Notices that were handed out twice or out of order. */
export function tornNotices(kiosk) {
	let last = 0, torn = 0;

	for (const [word, seq] of kiosk.lines()) {
		if (word !== 'heard')
			continue;
		torn += Number(seq) > last ? 0 : 1;
		last = Number(seq);
	}
	return torn;
}
