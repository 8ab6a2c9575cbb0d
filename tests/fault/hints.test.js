// SPDX-License-Identifier: Apache-2.0
// I9: a NOTIFY is a hint only. One node publishes; the other's connection
// that LISTENs is ended again and again, or stands still.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { feedback, notice } from '../system/lib/world.js';
import { freePort } from '../system/lib/node.js';
import { pause, within } from '../system/lib/wait.js';
import { County, say } from './lib/county.js';
import { signalAll } from './lib/processes.js';

const BOUND_S = 6, TRIES = 5;

let county, clerk, kiosk, console_, region;

before(async () => {
	county = await County.make();
	const far = await county.addNode({ port: await freePort() });
	const [name] = Object.keys(county.kiosks);

	region = county.kiosks[name];
	clerk = await county.staff('commerce-clerk');
	kiosk = await county.kiosk(name, {}, { node: far });
	console_ = await county.staff('coordinator', {}, { node: far });
});

after(() => county.end());

const listening = () => county.pg.backendsLike('huiyind node2 listen');

/** Does something to the LISTENing backend of node 2 all the while. */
async function meanwhile(harm, during) {
	let over = false, harmed = 0;
	const harming = (async () => {
		while (!over) {
			for (const pid of await listening()) {
				await harm(pid);
				harmed++;
			}
			await pause(50);
		}
	})();

	try {
		await during();
	} finally {
		over = true;
		await harming;
	}
	assert.ok(harmed > 0);
}

/** How long news took to come, in ms, after each of several acts. */
async function newsAfter(act, name, fits) {
	let slowest = 0;

	for (let i = 0; i < TRIES; i++) {
		const said = await act();
		const began = performance.now();

		await within(BOUND_S, `${name} at the other node`,
			(fits === undefined ? console_ : kiosk).news(name,
				fits?.(said) ?? ((news) => news.receipt === said.receipt)));
		slowest = Math.max(slowest, performance.now() - began);
		await pause(300);
	}
	return Math.round(slowest);
}

async function noticesComeThrough(how) {
	const slowest = await newsAfter(
		() => clerk.act('notice.publish', notice([region])), 'notice',
		(said) => (news) => news.seq === said.seq);

	say(`${how}: a notice took at most ${slowest} ms`);
}

async function feedbackComesThrough(how) {
	const slowest = await newsAfter(
		() => clerk.act('feedback.submit', feedback(region)),
		'inbox.changed');

	say(`${how}: news of a feedback took at most ${slowest} ms`);
}

test('news comes to the other node by a hint', async () => {
	await noticesComeThrough('with hints');
	await feedbackComesThrough('with hints');
});

test(`news comes within ${BOUND_S} s while LISTEN is ended all the time`,
	() => meanwhile(
		(pid) => county.pg.rows(`select pg_terminate_backend(${pid})`),
		async () => {
			await noticesComeThrough('LISTEN ended');
			await feedbackComesThrough('LISTEN ended');
		}));

test(`news comes within ${BOUND_S} s while LISTEN stands still`,
	async () => {
		const stopped = new Set();

		try {
			await meanwhile((pid) => {
				stopped.add(pid);
				signalAll([pid], 'SIGSTOP');
			}, async () => {
				await noticesComeThrough('LISTEN still');
				await feedbackComesThrough('LISTEN still');
			});
		} finally {
			signalAll([...stopped], 'SIGCONT');
		}
	});
