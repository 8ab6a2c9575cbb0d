// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of ten thousand submissions (I1, I2): nothing that was
// settled is lost, and everything is settled exactly once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Flood } from './lib/flood.js';
import { long } from './lib/place.js';
import { pause, until } from './lib/wait.js';
import { county, feedback } from './lib/world.js';

const count = long ? 100000 : 10000;
const kills = long ? 40 : 5;

describe('kill -9 in the middle of ten thousand submissions', () => {
	const its = county({ nodes: 2, settings: { pg_timeout_seconds: 5 } });

	// Two lanes a kiosk, each at the node that is up.
	function flood(tag) {
		const { world } = its;
		const names = Object.keys(world.kiosks);
		let turn = 0;
		return new Flood({
			count, file: `${world.folder}/${tag}.oracle`,
			connect: (lane) => world.kiosk(names[lane % names.length], {},
				{ node: world.nodes[turn++ % 2], handshakeTimeout: 4000 }),
			params: (i) => feedback(world.kiosks[names[i % names.length]],
				{ text: `${tag} ${i}` }),
		});
	}

	// The database against what the client was told.
	async function compare(tag, done) {
		const { world } = its;
		const rows = await until('the database answers', () =>
			world.pg.rows('select f.ref, f.receipt, ' +
				"a.result->>'receipt' from huiyin.feedback f " +
				'left join huiyin.act a using (ref) ' +
				`where f.said like '${tag} %'`), { seconds: 30 });
		const oracle = done.oracle();
		assert.equal(oracle.size, count, 'all are settled');
		assert.equal(rows.length, count, 'each is there exactly once');
		for (const [ref, receipt, again] of rows) {
			assert.equal(oracle.get(ref), receipt);
			assert.equal(again, receipt);
		}
		assert.equal(new Set(oracle.values()).size, count);
		assert.equal(await world.pg.value('select count(*) from ' +
			`huiyin.feedback where said like '${tag} %'`), String(count));
	}

	// Kills at even steps of the way while the flood runs.
	async function during(tag, kill) {
		const work = flood(tag);
		const running = work.run(long ? 1500 : 240);
		let killed = 0;
		running.catch(() => {});
		for (let i = 1; i <= kills; i++) {
			await work.reached(Math.floor(count * i / (kills + 1)));
			if (work.failed)
				break;
			await kill(i);
			killed++;
		}
		await running;
		assert.equal(killed, kills);
		await compare(tag, work);
		return work;
	}

	test('of a node: nothing settled is lost, the rest settles once',
		async () => {
			const { nodes } = its.world;
			const work = await during('node', async (i) => {
				const node = nodes[i % 2];
				await node.kill();
				await node.start();
			});
			assert.ok(work.again > 0, 'something was on its way');
		});

	test('of both nodes at once: likewise', async () => {
		const { nodes } = its.world;
		const work = await during('nodes', async () => {
			await Promise.all(nodes.map((n) => n.kill()));
			await Promise.all(nodes.map((n) => n.start()));
		});
		assert.ok(work.again > 0, 'something was on its way');
	});

	test('of a backend of PostgreSQL: likewise, and no session ends',
		async () => {
			const { world } = its;
			const before = await sessionsOpened(world);
			const work = await during('backend', async (i) => {
				const pids = await until('there are backends', async () => {
					const found = await world.pg.backends();
					return found.length >= 4 && found;
				}, { seconds: 30 });
				process.kill(pids[i % pids.length], 'SIGKILL');
				await pause(100);
			});
			assert.ok(await sessionsOpened(world) - before <= work.lanes + 1);
		});

	test('of the postmaster: likewise', async () => {
		const { world } = its;
		await during('postmaster', async () => {
			process.kill(world.pg.postmaster, 'SIGKILL');
			await until('PostgreSQL starts again', () => world.pg.start(),
				{ seconds: 60, every: 200 });
		});
	});

	test('left the chain of the audit whole, and the numbers unique',
		async () => {
			const { world } = its;
			const [verdict] = await world.admin('audit', 'verify');
			assert.equal(verdict.ok, true);
			assert.equal(await world.pg.value(
				'select count(*) - count(distinct receipt) ' +
				'from huiyin.feedback'), '0');
		});
});

async function sessionsOpened(world) {
	const each = await Promise.all(world.nodes.map((n) =>
		n.metric('sessions_opened_total')));
	return each[0] + each[1];
}
