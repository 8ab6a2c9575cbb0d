// SPDX-License-Identifier: Apache-2.0
// Overload slows and refuses; it loses nothing and disturbs nobody (I13, I14,
// I17, I26). Figures are printed; bounds are wide, sanitizers are slow.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { patience } from './lib/place.js';
import { pause, until, within } from './lib/wait.js';
import { county, feedback, notice } from './lib/world.js';

const filler = '利'.repeat(2000); // 6,000 bytes
const quiet = { environment: { ASAN_OPTIONS:
	'exitcode=99:quarantine_size_mb=4:malloc_context_size=2' } };

// Milliseconds of each of so many acts, one after the other; the 99th of 100.
async function slowest(peer, method, params, seconds, count = 1e9) {
	const times = [];
	const end = performance.now() + seconds * 1000;
	while (performance.now() < end && times.length < count) {
		const begun = performance.now();
		await peer.act(method, params());
		times.push(performance.now() - begun);
	}
	times.sort((a, b) => a - b);
	return { p99: times[Math.floor(times.length * 0.99)],
		count: times.length };
}

const inMs = (figure) => `${figure.p99.toFixed(1)} ms of ${figure.count}`;

describe('a peer that does not read', () => {
	const its = county({ nodes: 0 });
	let world, node, clerk, village;

	before(async () => {
		world = its.world;
		node = await world.addNode({ stall_seconds: 3, memory: 8192 }, quiet);
		clerk = await world.staff('office-clerk');
		[village] = world.townships[world.here];
		const kiosk = await world.kiosk(`${village}-1`);
		await Promise.all(Array.from({ length: 40 }, () => kiosk.act(
			'feedback.submit', feedback(village, { text: filler }))));
	});

	test('is not read after a while, and closed; memory stays bounded',
		async () => {
			const good = await world.kiosk(`${village}-1`);
			const greedy = await world.staff('office-clerk');
			const before = node.memory;
			const open = await node.metric('connections');
			greedy.socket.pause();
			const sending = (async () => {
				for (let i = 0; i < 10000; i++) {
					greedy.raw(JSON.stringify({ jsonrpc: '2.0', id: i,
						method: 'feedback.list', params: { limit: 200 } }),
					() => {});
					if (i % 200 === 0)
						await pause(1);
				}
			})();
			const during = await slowest(good, 'ping', () => ({}), 4);
			await sending;
			await until('it is closed', async () =>
				await node.metric('connections') === open - 1,
			{ seconds: 20 });
			const grown = (node.memory - before) / 1024;
			console.log(`#: memory grew by ${grown.toFixed(1)} MiB, ` +
				`pings of another: ${inMs(during)}`);
			assert.ok(grown < 64, `grew by ${grown} MiB`);
			assert.ok(during.p99 < 500 * patience);
			await good.settle();
		});

	test('of notices is closed with a reason, while others are served, ' +
		'and catches up', async () => {
		const names = Object.keys(world.kiosks);
		const good = await world.kiosk(names[0]);
		const slow = await world.kiosk(names[1]);
		const { epoch, head } = slow.greeting;
		const open = await node.metric('connections');
		slow.socket.pause();
		let last = 0;
		for (let turn = 0; turn < 10; turn++) {
			const done = await Promise.all(Array.from({ length: 200 }, () =>
				clerk.act('notice.publish', notice([world.county],
					{ description: filler.slice(0, 1900) }))));
			last = Math.max(last, ...done.map((n) => n.seq));
			await good.news('notice', (n) => n.seq === last);
		}
		await until('the slow one is closed', async () =>
			await node.metric('connections') === open - 1, { seconds: 20 });
		good.heard('notice');
		slow.socket.resume();
		await within(10, 'it learns of it', slow.closed);
		const back = await world.kiosk(names[1], { epoch, cursor: head });
		await back.news('caught_up', () => true, 60);
		const heard = back.heard('notice').map((n) => n.seq);
		assert.equal(heard.length, 2000);
		assert.ok(heard.every((seq, i) => i === 0 || seq > heard[i - 1]));
	});

	test('many of them cost a bounded memory each', async () => {
		const before = node.memory;
		const name = Object.keys(world.kiosks)[2];
		const count = 100;
		for (let i = 0; i < count; i++) {
			const peer = await world.connect();
			peer.raw(JSON.stringify({ jsonrpc: '2.0', id: 'h',
				method: 'hello', params: { protocol: 1, client: 't',
					cursor: 0, ...world.credentials(name) } }));
			peer.socket.pause();
		}
		await pause(1500); // what is to be sent is queued by then
		const each = (node.memory - before) / count;
		console.log(`#: ${each.toFixed(0)} KiB a session that does not read`);
		assert.ok(each < 400, `${each} KiB a session`);
	});
});

describe('one greedy peer', () => {
	const its = county({ settings: { acts_per_second: 500 } });

	test('does not starve the rest', async () => {
		const { world } = its;
		const [village] = world.townships[world.here];
		const good = await world.kiosk(`${village}-1`);
		const greedy = await world.kiosk(
			`${world.townships[world.there][0]}-1`);
		const act = (peer, seconds) => slowest(peer, 'feedback.submit',
			() => feedback(village), seconds);
		const alone = await act(good, 1.5);
		let flooding = true, said = 0;
		const flood = Promise.all(Array.from({ length: 64 }, async () => {
			while (flooding) {
				await greedy.act('feedback.submit', feedback(village));
				said++;
			}
		}));
		const beside = await act(good, 4);
		flooding = false;
		await flood;
		console.log(`#: alone ${inMs(alone)}, beside ${said} of another ` +
			inMs(beside));
		assert.ok(beside.p99 < 2 * alone.p99 + 50 * patience,
			`${beside.p99} ms, alone ${alone.p99} ms`);
		assert.ok(said < 6 * 500 + 1500, `${said} in about 5 s`);
		assert.ok(await world.nodes[0].metric('sessions_throttled_total') > 0);
	});
});

// The greeting or the refusal of one login, from that address.
async function login(world, name, secret, localAddress) {
	const peer = await world.connect(world.nodes[0], { localAddress });
	try {
		return await peer.act('hello', { protocol: 1, client: 't',
			as: 'staff', name, secret });
	} catch (error) {
		return error;
	} finally {
		peer.kill();
	}
}

describe('a flood of logins', () => {
	const its = county();

	test('does not slow kiosks', async () => {
		const { world } = its;
		const [village] = world.townships[world.here];
		const good = await world.kiosk(`${village}-1`);
		const act = (seconds) => slowest(good, 'ping', () => ({}), seconds);
		const alone = await act(1.5);
		let flooding = true, tries = 0;
		const flood = Promise.all(Array.from({ length: 40 }, async (_, i) => {
			while (flooding) {
				const peer = await world.connect();
				await peer.act('hello', { protocol: 1, client: 't',
					as: 'staff', name: `nobody${i}x${tries}`, secret: 'x' })
					.catch(() => {});
				tries++;
				peer.kill();
			}
		}));
		const beside = await act(5);
		flooding = false;
		await flood;
		console.log(`#: alone ${inMs(alone)}, beside ${tries} logins ` +
			inMs(beside));
		assert.ok(beside.p99 < alone.p99 + 150 * patience,
			`${beside.p99} ms, alone ${alone.p99} ms`);
		assert.ok(tries > 5);
	});

	test('for one name is delayed, not locked for ever', async () => {
		const { world } = its;
		const say = (secret) => login(world, 'transport-approver', secret);
		let why;
		for (let i = 0; i < 12 && why?.tag !== 'rate_limited'; i++)
			why = await say('wrong');
		assert.equal(why.tag, 'rate_limited');
		assert.ok(why.after >= 1 && why.after <= 60);
		const secret = world.secrets['transport-approver'];
		assert.equal((await say(secret)).tag, 'rate_limited');
		await until('the delay is over', async () =>
			(await say(secret)).roles, { seconds: 70, every: 1000 });
	});

	test('from elsewhere does not lock out who has the right password',
		async () => {
			const { world } = its;
			const name = 'commerce-approver';
			const guess = () => login(world, name, 'wrong', '127.0.0.2');
			let why;
			for (let i = 0; i < 12 && why?.tag !== 'rate_limited'; i++)
				why = await guess();
			assert.equal(why.tag, 'rate_limited');
			assert.ok((await login(world, name,
				world.secrets[name])).roles);
			assert.equal((await guess()).tag, 'rate_limited');
		});

	test('from very many addresses is counted for the name, and delays it',
		async () => {
			const { world } = its;
			const name = 'relay';
			const counted = async () => Number((await world.pg.rows(
				'select count(*) from huiyin.login_failure ' +
				`where name = '${name}'`))[0][0]);
			// One try in sixteen: that none of 240 is, one in five millions.
			for (let i = 0; i < 60 && !await counted(); i++)
				await Promise.all([0, 1, 2, 3].map((n) => login(world, name,
					'wrong', `127.0.1.${4 * i + n + 1}`)));
			assert.equal(await counted(), 1);
			await world.pg.rows('update huiyin.login_failure set ' +
				`failures = 9, last_at = now() where name = '${name}'`);
			assert.equal((await login(world, name, 'wrong', '127.0.2.1')).tag,
				'rate_limited');
		});
});

describe('a crowd that comes at once', () => {
	const its = county({ nodes: 2, shared: true });

	test('is let in, and hears what it missed', async () => {
		const { world } = its;
		const clerk = await world.staff('commerce-clerk');
		for (let i = 0; i < 5; i++)
			await clerk.act('notice.publish', notice([world.county]));
		const names = Object.keys(world.kiosks);
		const begun = performance.now();
		const crowd = await within(60 * patience, 'all are in',
			Promise.all(Array.from({ length: 300 }, async (_, i) => {
				const peer = await world.kiosk(names[i % names.length],
					{ cursor: 0 }, { handshakeTimeout: 60000 });
				await peer.news('caught_up', () => true, 60);
				assert.equal(peer.heard('notice').length, 5);
				return peer;
			})));
		console.log(`#: ${crowd.length} sessions in ` +
			`${((performance.now() - begun) / 1000).toFixed(1)} s`);
		const opened = await Promise.all(world.nodes.map((n) =>
			n.metric('sessions_live')));
		assert.equal(opened[0] + opened[1], 301);
	});
});
