// SPDX-License-Identifier: Apache-2.0
// The conversation of a kiosk and a clerk with a node that may be out of
// memory: whatever is not answered is said again under its own ref, what is
// answered is written down.
import { get as httpGet } from 'node:http';
import { Gone, Peer, Refusal } from '../../system/lib/peer.js';
import { newRef } from '../../system/lib/ref.js';
import { feedback, notice } from '../../system/lib/world.js';
import { pause, within } from '../../system/lib/wait.js';

const ANSWER_S = 6; // an open line on which no answer comes so long is a fault
const NEWS_S = 6;   // a node that lost a hint polls every 2 s
const TRIES = 40;

/** One who speaks, and comes again whenever the line breaks. */
class Speaker {
	peer;
	#open = false;
	#coming;
	lines = 0;

	constructor(county, url, who) {
		Object.assign(this, { county, url, who });
	}

	get isOnline() {
		return this.#open;
	}

	/** All who want to speak wait for the same line. */
	come() {
		this.#coming ??= this.#dial();
		return this.#coming;
	}

	async #dial() {
		try {
			const peer = await Peer.connect(this.url, { ca: this.county.ca,
				handshakeTimeout: ANSWER_S * 1000 });

			this.peer = peer;
			this.#open = true;
			this.lines++;
			peer.closed.then(() => {
				if (this.peer === peer)
					this.leave();
			});
			this.greeting = await peer.act('hello', { protocol: 1,
				client: 'fault-test/1', lang: 'en', ...this.who() }, 'hello',
			ANSWER_S);
		} catch (error) {
			this.leave();
			throw error;
		}
	}

	leave() {
		this.peer?.kill();
		this.#open = false;
		this.#coming = undefined;
	}
}

/** May it be said again? Anything else is a false answer. */
function isWeather(error) {
	if (error instanceof Refusal)
		return error.retry === 'later';
	return error instanceof Gone || Boolean(error.code) ||
		/hang up|socket|answered 50|handshake/.test(error.message);
}

export class Talk {
	acknowledged = []; // {ref, method, params, result}
	violations = [];
	repeats = 0;
	#cursor = 0;
	#epoch;

	/** kiosk: its name; clerk: what tokenOf gave. */
	constructor(county, url, kiosk, clerk) {
		Object.assign(this, { county, url, region: county.kiosks[kiosk] });
		this.kiosk = new Speaker(county, url, () => ({
			...county.credentials(kiosk), cursor: this.#cursor,
			epoch: this.#epoch }));
		this.clerk = new Speaker(county, url, () => clerk);
	}

	/** Does it until it is answered; what a refusal must say is in tag. */
	async #until(speaker, method, params, { ref = newRef(), tag } = {}) {
		for (let i = 0; i < TRIES; i++) {
			try {
				await speaker.come();
				const result = await speaker.peer.act(method, params, ref,
					ANSWER_S);
				if (tag)
					throw new Error(`${method} was not refused as ${tag}`);
				return result;
			} catch (error) {
				if (tag && error.tag === tag)
					return error;
				if (!isWeather(error))
					throw error;
				this.repeats++;
				this.last = error.message;
				await pause(error instanceof Gone ? 5 : 50);
			}
		}
		throw new Error(`${method} was not answered in ${TRIES} tries: ` +
			this.last);
	}

	async #settle(speaker, method, params, ref = newRef()) {
		const result = await this.#until(speaker, method, params, { ref });

		this.acknowledged.push({ ref, method, params, result });
		return result;
	}

	/** On this line, or on the next one by the cursor. */
	async #hear(published, headline) {
		for (let i = 0; i < TRIES; i++) {
			try {
				await this.kiosk.come();
				const heard = await this.kiosk.peer.news('notice',
					(n) => n.notice === published.notice, NEWS_S);
				if (heard.headline !== headline || heard.seq !== published.seq)
					throw new Error(`heard ${JSON.stringify(heard)}`);
				this.#cursor = heard.seq;
				this.#epoch = this.kiosk.greeting.epoch;
				return;
			} catch (error) {
				if (!isWeather(error))
					throw error;
				this.repeats++;
				await pause(5);
			}
		}
		throw new Error(`notice ${published.notice} was never heard`);
	}

	async #refusals(said, ref) {
		const { kiosk, clerk } = this;

		await this.#until(kiosk, 'feedback.submit', { ...said, colour: 1 },
			{ tag: 'unknown_field' });
		await this.#until(kiosk, 'feedback.submit', { ...said, text: 'other' },
			{ ref, tag: 'conflict' });
		await this.#until(kiosk, 'feedback.list', {}, { tag: 'not_allowed' });
		await this.#until(clerk, 'feedback.answer', { receipt: 'HY-422802-1',
			text: 'x', outcome: 'resolved' }, { tag: 'not_found' });
	}

	/** Does the kiosk see it with these words and this answer? */
	async #look(filed, text, answer) {
		const seen = await this.#until(this.kiosk, 'feedback.get',
			{ receipt: filed.receipt, key: filed.key });

		if (seen.text !== text || (seen.answer?.text ?? null) !== answer)
			throw new Error(`saw ${JSON.stringify(seen)}`);
	}

	async #publish() {
		const headline = `补贴 ${this.acknowledged.length}`;
		const published = await this.#settle(this.clerk, 'notice.publish',
			notice([this.region], { headline }));

		await this.#hear(published, headline);
		await this.#settle(this.kiosk, 'notice.receipt', {
			notice: published.notice, state: 'read',
			at: '2026-01-01T08:00:00+08:00' });
		return published;
	}

	async #answer(filed) {
		const lines = this.kiosk.lines;

		await this.#settle(this.clerk, 'feedback.answer', {
			receipt: filed.receipt, text: `答 ${filed.receipt}`,
			outcome: 'resolved' });
		if (lines === this.kiosk.lines && this.kiosk.isOnline)
			await this.kiosk.peer.news('feedback.changed', (n) =>
				n.receipt === filed.receipt && n.state === 'answered',
			NEWS_S).catch((error) => {
				if (!(error instanceof Gone))
					throw error;
			});
	}

	/** All of it once. */
	async once() {
		const published = await this.#publish();
		const ref = newRef();
		const said = feedback(this.region, { text: `问 ${ref}`,
			about: { notice: published.notice } });
		const [filed] = await Promise.all([
			this.#settle(this.kiosk, 'feedback.submit', said, ref),
			...Array.from({ length: 3 }, (_, i) => this.#settle(this.kiosk,
				'feedback.submit', feedback(this.region, { text: `${i}` }))),
			this.#until(this.clerk, 'ping', {})]);

		await this.#look(filed, said.text, null);
		const { items } = await this.#until(this.clerk, 'feedback.list', {});

		if (!items.some((item) => item.receipt === filed.receipt &&
		    item.text === said.text))
			throw new Error(`${filed.receipt} is not in the list`);
		await this.#answer(filed);
		await this.#look(filed, said.text, `答 ${filed.receipt}`);
		await this.#refusals(said, ref);
		await this.#until(this.kiosk, 'ping', {});
		this.leave();
	}

	leave() {
		for (const speaker of [this.kiosk, this.clerk]) {
			speaker.leave();
			this.violations.push(...speaker.peer?.violations ?? []);
		}
	}
}

/** Comes by password until it is let in. */
export async function login(county, url, name) {
	const speaker = new Speaker(county, url, () => county.credentials(name));

	for (let i = 0; i < TRIES; i++) {
		try {
			await speaker.come();
			speaker.leave();
			return;
		} catch (error) {
			if (!isWeather(error))
				throw error;
			await pause(50);
		}
	}
	throw new Error(`${name} was not let in in ${TRIES} tries`);
}

/** A fresh session is greeted and answered: at once, the first time. */
export async function isServed(county, url, kiosk) {
	const peer = await Peer.connect(url, { ca: county.ca });

	try {
		await peer.act('hello', { protocol: 1, client: 'fault-test/1',
			...county.credentials(kiosk) }, 'hello', ANSWER_S);
		await peer.act('ping', {}, 'ping', ANSWER_S);
	} finally {
		peer.kill();
	}
}

/** What the operators' page says, or undefined when it says nothing. */
export function metricsOf(port) {
	return within(ANSWER_S, 'an answer to /metrics', new Promise((done) => {
		httpGet({ host: '127.0.0.1', port, path: '/metrics', agent: false },
			(answer) => {
				answer.resume();
				answer.on('end', () => done(answer.statusCode));
				answer.on('error', () => done(undefined));
			}).on('error', () => done(undefined));
	}));
}
