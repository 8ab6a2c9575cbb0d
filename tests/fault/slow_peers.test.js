// SPDX-License-Identifier: Apache-2.0
// I15: peers that begin and never end, two hundred of every kind at once. Each
// is closed in its time, and whoever means it is let in all the while.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { long } from '../system/lib/place.js';
import { pause, within } from '../system/lib/wait.js';
import { percentile } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { kinds } from './lib/slow.js';

const OF_EACH = long ? 500 : 200;
const DEADLINE_S = { handshake: 4, login: 3, message: 4 };
const LATE_S = 2 + 0.5; // half a second because this process is busy too
const LOGIN_MS = 1000;

let county, where, kiosk;

before(async () => {
	county = await County.make({ settings: {
		handshake_seconds: DEADLINE_S.handshake,
		login_seconds: DEADLINE_S.login,
		message_seconds: DEADLINE_S.message,
	} });
	where = { port: county.port, ca: county.ca };
	[kiosk] = Object.keys(county.kiosks);
});

after(() => county.end());

/** Opens one; how long it lived after its clock began, in ms. */
async function lifeOf(open) {
	const { socket, began } = await open(where);

	socket.on('error', () => {});
	socket.resume();
	if (!socket.destroyed)
		await within(60, 'a slow peer is closed',
			new Promise((done) => { socket.once('close', done); }));
	return performance.now() - began;
}

/** Good logins one after the other while work goes on; how long each took. */
async function loginsDuring(work) {
	const times = [];
	let over = false;

	work.then(() => { over = true; }, () => { over = true; });
	while (!over) {
		const began = performance.now();

		(await county.kiosk(kiosk)).kill();
		times.push(performance.now() - began);
		await pause(30);
	}
	return times;
}

function checkLogins(times, beside) {
	const p99 = percentile(times, 99);

	say(`${times.length} logins beside ${beside}: ` +
		`p50 ${Math.round(percentile(times, 50))} ms, ` +
		`p99 ${Math.round(p99)} ms`);
	assert.ok(p99 <= LOGIN_MS, `a login took ${p99} ms`);
}

async function openAll() {
	const jobs = [];

	for (const [deadline, openers] of Object.entries(kinds))
		for (const [name, open] of Object.entries(openers))
			jobs.push({ name, deadline, lives: Array.from(
				{ length: OF_EACH }, async (_, i) => {
					await pause(i * 15);
					return lifeOf(open);
				}) });
	return Promise.all(jobs.map(async (job) =>
		({ ...job, lives: await Promise.all(job.lives) })));
}

test(`${OF_EACH} of each kind are closed in time, and good ones let in`,
	async () => {
		const work = openAll();
		const times = await loginsDuring(work);

		for (const { name, deadline, lives } of await work) {
			const bound = DEADLINE_S[deadline];
			const longest = Math.max(...lives) / 1000;

			say(`who ${name} is closed after ` +
				`${(Math.min(...lives) / 1000).toFixed(1)} to ` +
				`${longest.toFixed(1)} s (deadline ${bound} s)`);
			assert.ok(longest <= bound + LATE_S, `${name}: ${longest} s`);
			assert.ok(percentile(lives, 50) >= bound * 500,
				`${name}: closed too soon, this tests nothing`);
		}
		checkLogins(times, 'slow peers of every kind');
	});

test('more silent connections than there is room for keep nobody out',
	async () => {
		const work = Promise.all(Array.from({ length: 3000 },
			async (_, i) => {
				await pause(i * 2);
				return lifeOf(kinds.handshake['connects and says nothing'])
					.catch(() => 0);
			}));

		checkLogins(await loginsDuring(work),
			'3000 silent connections (room for 1024)');
	});

const hasTool = () => {
	try {
		execFileSync('slowhttptest', ['-v'], { stdio: 'ignore' });
		return true;
	} catch (error) {
		return error.code !== 'ENOENT';
	}
};

test('slowhttptest finds the service available throughout',
	{ skip: hasTool() ? false : 'no slowhttptest here' }, async () => {
		const run = promisify(execFile);
		const work = Promise.all(['-H', '-B', '-X'].map((kind) =>
			run('slowhttptest', [kind, '-c', '200', '-r', '200', '-i', '1',
				'-l', '8', '-p', '3', '-u', `https://127.0.0.1:${where.port}/ws`],
			{ cwd: county.folder, maxBuffer: 1 << 24 })));
		const times = await loginsDuring(work);

		for (const { stdout } of await work) {
			const plain = stdout.replace(/\x1b\[[\d;]*m/g, '');
			const said = plain.match(/service available:\s*\w+/g);

			assert.ok(said?.length > 0, plain.slice(-500));
			assert.ok(said.every((line) => line.endsWith('YES')),
				said.join(' '));
		}
		checkLogins(times, 'slowhttptest -H, -B and -X');
	});
