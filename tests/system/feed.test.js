// SPDX-License-Identifier: Apache-2.0
// The feed of notices: numbers without gaps, nothing missed, nothing twice, in
// order (I7, I8), without NOTIFY (I9) and after a restore (I10).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { long } from './lib/place.js';
import { newRef } from './lib/ref.js';
import { until } from './lib/wait.js';
import { county, notice } from './lib/world.js';

// A kiosk as it ought to be: keeps notices and its cursor, comes back by it.
class Reader {
	kept = []; // {seq, notice}
	epoch = undefined;
	cursor = 0;
	greetings = [];
	repeated = []; // what came again: nothing may

	constructor(world, name) {
		Object.assign(this, { world, name });
	}

	async come(node) {
		const peer = await this.world.kiosk(this.name, { cursor: this.cursor,
			...(this.epoch ? { epoch: this.epoch } : {}) }, { node });
		this.peer = peer;
		this.epoch = peer.greeting.epoch;
		this.greetings.push(peer.greeting.replay);
		if (peer.greeting.replay === 'all') {
			this.kept = [];
			this.cursor = 0;
		}
		return this;
	}

	take() {
		for (const n of this.peer.heard('notice')) {
			if (n.seq <= this.cursor)
				this.repeated.push([n.seq, this.cursor, this.peer.greeting]);
			this.kept.push({ seq: n.seq, notice: n.notice });
			this.cursor = n.seq;
		}
		for (const { cursor } of this.peer.heard('caught_up'))
			this.cursor = Math.max(this.cursor, cursor);
	}

	leave() {
		this.take();
		this.peer.kill();
	}

	// Until it has what the database has for the place.
	async complete(seconds = 20) {
		await until(`${this.name} has everything`, async () => {
			this.take();
			const last = await this.#wanted();
			return (this.kept.at(-1)?.seq ?? 0) >= (last.at(-1)?.seq ?? 0);
		}, { seconds });
		this.take();
		assert.deepEqual(this.repeated, []);
		const wanted = await this.#wanted();
		const has = new Set(this.kept.map((n) => n.seq));
		assert.deepEqual(wanted.filter((n) => !has.has(n.seq)), [],
			`${this.name} missed something`);
		assert.deepEqual(this.kept, wanted);
	}

	async #wanted() {
		const rows = await this.world.pg.rows(
			'select n.seq, n.notice from huiyin.notice n where n.seq is not null ' +
			"and (n.expires is null or n.expires > now()) order by n.seq");
		return rows.map(([seq, id]) => ({ seq: Number(seq), notice: id }));
	}
}

describe('concurrent publishers', () => {
	const its = county({ nodes: 2, settings: { memory: 64 } });
	const publishers = 8, each = long ? 500 : 60;
	let world;

	before(() => { world = its.world; });

	test('never make a returning reader miss a notice', async () => {
		const [one, two] = await Promise.all(Object.keys(world.kiosks)
			.slice(0, 2).map((name) => new Reader(world, name).come()));
		let publishing = true;
		const writers = Promise.all(Array.from({ length: publishers },
			async (_, i) => {
				const peer = await world.staff(i % 2 ? 'commerce-clerk' :
					'transport-clerk', {}, { node: world.nodes[i % 2] });
				for (let k = 0; k < each; k++)
					await peer.act('notice.publish', notice([world.county],
						{ headline: `${i} ${k}` }));
			})).finally(() => { publishing = false; });
		for (let turn = 0; publishing; turn++) {
			const before = one.cursor;
			await until('it hears something', () => {
				one.take();
				return one.cursor > before || !publishing;
			}, { every: 1 });
			one.leave();
			await one.come(world.nodes[turn % 2]);
		}
		await writers;
		await one.complete();
		await two.complete();
		assert.equal(one.kept.length, publishers * each);
		assert.ok(one.greetings.filter((g) => g === 'since').length > 3);
	});

	test('leave no gap in the numbers', async () => {
		const [row] = await world.pg.rows('select count(*), min(seq), ' +
			'max(seq), count(distinct seq) from huiyin.notice ' +
			'where seq is not null');
		const n = String(publishers * each);
		assert.deepEqual(row, [n, '1', n, n]);
	});

	test('whose notices a node has forgotten are read again', async () => {
		const reader = new Reader(world, Object.keys(world.kiosks)[4]);
		await reader.come();
		await reader.peer.news('caught_up');
		assert.equal(reader.peer.heard('notice').length, publishers * each);
		assert.ok(await world.nodes[0].metric('replay_queries_total') > 0);
	});

	test('which a node has forgotten come to a peer in a hurry if urgent',
		async () => {
			const clerk = await world.staff('commerce-clerk');
			const [name] = Object.keys(world.kiosks);
			const { epoch, head } = clerk.greeting;
			const urgent = [];
			for (let i = 0; i < 150; i++) {
				const kind = i % 70 === 0 ? 'risk' : 'policy';
				const { seq } = await clerk.act('notice.publish',
					notice([world.county], { kind }));
				if (kind === 'risk')
					urgent.push(seq);
			}
			const before = await world.nodes[0].metric('replay_queries_total');
			const peer = await world.kiosk(name, { epoch, cursor: head,
				missed: 'urgent' }, { node: world.nodes[0] });
			const { cursor } = await peer.news('caught_up');
			assert.equal(cursor, peer.greeting.head);
			assert.deepEqual(peer.heard('notice').map((n) => n.seq), urgent);
			assert.ok(await world.nodes[0].metric('replay_queries_total') >
				before);
		});

	// Memory begins after what the sessions have: they are read the rest from
	// the database, slowly, while the feed goes on.
	test('are heard in full by readers of a node that stood still',
		async () => {
			const [slow, fast] = world.nodes;
			const names = Object.keys(world.kiosks).slice(6);
			const readers = await Promise.all(names.map((name) =>
				new Reader(world, name).come()));
			for (const reader of readers)
				await reader.complete();
			const clerk = await world.staff('commerce-clerk', {},
				{ node: fast });
			const publish = async (count) => {
				const done = await Promise.all(Array.from({ length: count },
					() => clerk.act('notice.publish',
						notice([world.county]))));
				return Math.max(...done.map((n) => n.seq));
			};
			const [[reports]] = await world.pg.rows('select pid from ' +
				"pg_stat_activity where application_name like " +
				"'%node1 reports'");
			process.kill(Number(reports), 'SIGSTOP');
			try {
				slow.signal('SIGSTOP');
				await publish(150);
				slow.signal('SIGCONT');
				for (let i = 0; i < 3; i++) {
					const head = await publish(3);
					await until('the node has read it', async () =>
						await slow.metric('notice_head') >= head);
				}
			} finally {
				slow.signal('SIGCONT');
				process.kill(Number(reports), 'SIGCONT');
			}
			for (const reader of readers)
				await reader.complete();
		});

	test('are heard by a reader of a node that was killed', async () => {
		const reader = new Reader(world, Object.keys(world.kiosks)[5]);
		await reader.come();
		const clerk = await world.staff('commerce-clerk', {},
			{ node: world.nodes[1] });
		for (let i = 0; i < 5; i++) {
			await clerk.act('notice.publish', notice([world.county]));
			await world.nodes[0].kill();
			reader.leave();
			await clerk.act('notice.publish', notice([world.county]));
			await world.nodes[0].start();
			await reader.come();
		}
		await reader.complete();
	});
});

describe('without NOTIFY', () => {
	const its = county({ nodes: 2 });
	let world, kiosk;

	before(async () => {
		world = its.world;
		kiosk = await world.kiosk(Object.keys(world.kiosks)[0]);
	});

	// Published in the database itself: nobody is woken.
	async function publishSilently(headline) {
		const principal = await world.pg.value('select id from ' +
			"huiyin.principal where name = 'commerce-clerk'");
		const item = JSON.stringify([{ n: 0, ref: newRef(),
			hash: '0'.repeat(64), who: { principal: Number(principal) },
			params: notice([world.county], { headline }) }]);
		const done = await world.pg.value('select refused is null from ' +
			`api.notice_publish($q$${item}$q$)`);
		assert.equal(done, 't');
	}

	test('a notice is delivered within 6 seconds', async () => {
		await publishSilently('nobody was woken');
		const heard = await kiosk.news('notice', () => true, 6);
		assert.equal(heard.headline, 'nobody was woken');
	});

	test('a node that lags behind a reader does not tell it again',
		async () => {
			const [name] = Object.keys(world.kiosks);
			await publishSilently('the reader has it, the node has not');
			const cursor = Number(await world.pg.value(
				'select max(seq) from huiyin.notice'));
			const peer = await world.kiosk(name,
				{ epoch: kiosk.greeting.epoch, cursor });
			assert.equal((await peer.news('caught_up')).cursor, cursor);
			await until('the node has read it', async () =>
				await world.nodes[0].metric('notice_head') >= cursor);
			await peer.settle();
			assert.deepEqual(peer.heard('notice'), []);
			await publishSilently('new to both');
			const heard = await peer.news('notice');
			assert.equal(heard.headline, 'new to both');
			kiosk.heard('notice');
		});

	test('a node whose LISTEN hangs delivers within 6 seconds', async () => {
		const listeners = await world.pg.rows('select pid from ' +
			"pg_stat_activity where application_name like '%node1 listen'");
		const pid = Number(listeners[0][0]);
		process.kill(pid, 'SIGSTOP');
		try {
			const clerk = await world.staff('commerce-clerk', {},
				{ node: world.nodes[1] });
			await clerk.act('notice.publish', notice([world.county]));
			await kiosk.news('notice', () => true, 6);
		} finally {
			process.kill(pid, 'SIGCONT');
		}
	});

	test('a node that lost its LISTEN connection delivers at once after it',
		async () => {
			const [[pid]] = await world.pg.rows('select pid from ' +
				"pg_stat_activity where application_name like '%node1 listen'");
			await world.pg.rows(`select pg_terminate_backend(${pid})`);
			await publishSilently('in between');
			await kiosk.news('notice', () => true, 6);
		});
});

describe('a database that went back in time', () => {
	const its = county({ nodes: 1 });
	let world, reader, clerk;

	before(async () => {
		world = its.world;
		clerk = await world.staff('commerce-clerk');
		await clerk.act('notice.publish', notice([world.county],
			{ headline: 'kept' }));
		reader = await new Reader(world, Object.keys(world.kiosks)[0]).come();
	});

	// Runs between a copy of the data and its coming back.
	async function restoring(meanwhile, afterwards) {
		const { pg, folder } = world;
		await pg.rest();
		execFileSync('cp', ['-a', `${pg.folder}/data`, `${folder}/copy`]);
		await pg.start();
		await ready(world.nodes[0]);
		await meanwhile();
		await pg.stop();
		execFileSync('rm', ['-rf', `${pg.folder}/data`]);
		execFileSync('mv', [`${folder}/copy`, `${pg.folder}/data`]);
		await pg.start();
		await afterwards();
		await ready(world.nodes[0]);
	}

	const ready = (node) => until('the node is ready', async () =>
		(await node.get('/ready')).status === 200, { seconds: 30 });

	async function publish(headline, count = 1) {
		const peer = await world.staff('commerce-clerk');
		for (let i = 0; i < count; i++)
			await peer.act('notice.publish', notice([world.county],
				{ headline }));
	}

	test('and was said to be restored: every kiosk ends with its content',
		async () => {
			const before = clerk.greeting.epoch;
			await restoring(() => publish('lost', 3), async () => {
				const [said] = await world.admin('db', 'restored');
				assert.notEqual(said.epoch, before);
			});
			await publish('other', 2);
			reader.leave();
			await reader.come();
			await reader.complete();
			assert.equal(reader.greetings.at(-1), 'all');
			assert.notEqual(reader.epoch, before);
			assert.equal(reader.kept.length, 3);
		});

	test('without a word: a cursor beyond its head gets all', async () => {
		await reader.come();
		await reader.complete();
		await restoring(async () => {
			await publish('lost again', 4);
			await reader.come();
			await reader.peer.news('caught_up');
			reader.take();
		}, async () => {});
		reader.leave();
		await reader.come();
		await reader.complete();
		assert.equal(reader.greetings.at(-1), 'all');
	});

	test('under a live session: it is told to come back, and gets all',
		async () => {
			await reader.come();
			await reader.complete();
			const live = reader.peer;
			await restoring(() => publish('lost for the third time', 5),
				async () => { await world.admin('db', 'restored'); });
			const bye = live.news('bye').catch(() => undefined);
			await live.closed;
			assert.equal((await bye)?.reason, 'epoch');
			await publish('after it');
			await reader.come();
			await reader.complete();
		});

	test('gives no receipt number twice', async () => {
		const [village] = world.townships[world.here];
		const kiosk = await world.kiosk(`${village}-1`);
		const submit = async (peer) => (await peer.act('feedback.submit',
			{ region: village, service: 'question', text: 'x' })).receipt;
		const numbers = [await submit(kiosk)];
		await restoring(async () => {
			const peer = await world.kiosk(`${village}-1`);
			for (let i = 0; i < 3; i++)
				numbers.push(await submit(peer));
		}, () => world.admin('db', 'restored'));
		const again = await world.kiosk(`${village}-1`);
		for (let i = 0; i < 3; i++)
			numbers.push(await submit(again));
		assert.equal(new Set(numbers).size, 7);
	});
});
