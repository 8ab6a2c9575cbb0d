// SPDX-License-Identifier: Apache-2.0
// I13 and I14: five hundred sessions in a process that stands still, while
// long notices are published. The node's memory stays bounded, the others are
// served, the slow are cut; and once they go on they miss nothing.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { until } from '../system/lib/wait.js';
import { notice } from '../system/lib/world.js';
import { percentile } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { start } from './lib/processes.js';

const SESSIONS = 500, NOTICES = 300, STALL_S = 5;
const LONG = '说'.repeat(1990); // 6 KB
const MIB = 1024;
// RELIABILITY I13: 48 KiB a session idle, 64 KiB of unsent bytes.
const BOUND_KIB = 40 * MIB + SESSIONS * (48 + 64 + 32);

let county, node, crowd, seen, kiosk, clerk, idle;

before(async () => {
	const program = fileURLToPath(new URL('lib/crowd.js', import.meta.url));

	county = await County.make({ settings: { stall_seconds: STALL_S } });
	[node] = county.nodes;
	kiosk = await county.kiosk(Object.keys(county.kiosks)[0]);
	clerk = await county.staff('commerce-clerk');
	crowd = start(process.execPath, [program, node.url,
		`${county.golden}/tls/ca.pem`, String(SESSIONS)],
	{ stdio: ['pipe', 'pipe', 'inherit'] });
	createInterface({ input: crowd.stdout }).on('line',
		(line) => { seen = JSON.parse(line); });
	crowd.stdin.write(`${JSON.stringify(Object.keys(county.kiosks)
		.map((name) => county.credentials(name)))}\n`);
	await until('the crowd is there', () => seen?.open === SESSIONS,
		{ seconds: 60 });
});

after(async () => {
	crowd.kill('SIGKILL');
	await county.end();
});

/** Publishes them all; how long each took to the kiosk, in ms; and RSS. */
async function publishAll() {
	const delays = [];
	let most = 0;

	for (let i = 1; i <= NOTICES; i++) {
		const began = performance.now();

		await clerk.act('notice.publish',
			notice([county.county], { description: LONG }));
		await kiosk.news('notice', ({ seq }) => seq === i, 10);
		delays.push(performance.now() - began);
		most = Math.max(most, node.memory);
	}
	return { delays, most };
}

test(`${SESSIONS} sessions that stand still do not hold up the others`,
	async () => {
		idle = node.memory;
		crowd.kill('SIGSTOP');
		const { delays, most } = await publishAll();

		say(`${NOTICES} notices of 6 KB beside ${SESSIONS} stopped sessions: ` +
			`p50 ${Math.round(percentile(delays, 50))} ms, ` +
			`p99 ${Math.round(percentile(delays, 99))} ms; RSS ` +
			`${Math.round(idle / MIB)} MiB idle, ` +
			`${Math.round(most / MIB)} MiB at most`);
		assert.ok(percentile(delays, 99) < 1000);
		assert.ok(most < BOUND_KIB, `${most} KiB, bound ${BOUND_KIB}`);
	});

test(`those that read nothing for ${STALL_S} s are cut off`, async () => {
	await until('they are cut off', async () =>
		(await node.metric('connections')) < 10,
	{ seconds: STALL_S * 2 + 5, every: 200 });
	say(`RSS ${Math.round(node.memory / MIB)} MiB after they were cut off`);
	assert.ok(node.memory < BOUND_KIB);
});

test('once they go on each gets all it has missed, in order, once',
	async () => {
		const began = performance.now();

		crowd.stdin.write(`${NOTICES}\n`);
		crowd.kill('SIGCONT');
		await until('all have all', () => seen.complete === SESSIONS,
			{ seconds: 120, every: 200 }).catch((error) => {
			error.message += JSON.stringify(seen);
			throw error;
		});
		const seconds = (performance.now() - began) / 1000;

		say(`${seen.cut} came back and had all after ${seconds.toFixed(1)} s` +
			`; RSS ${Math.round(node.memory / MIB)} MiB`);
		assert.equal(seen.torn, 0);
		assert.ok(seen.cut >= SESSIONS);
		assert.ok(node.memory < BOUND_KIB);
	});
