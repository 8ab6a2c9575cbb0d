// SPDX-License-Identifier: Apache-2.0
// hello: who comes in, and what of the past follows.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { totp } from './lib/totp.js';
import { county, notice } from './lib/world.js';

const seqs = (list) => list.map((n) => n.seq);

describe('what of the past follows hello', () => {
	const its = county();
	let world, clerk, name, epoch;
	const here = []; // seq of what was published here, in order

	// Says hello with that cursor; what came before caught_up.
	async function replayed(more) {
		const peer = await world.kiosk(name, more);
		const { cursor } = await peer.news('caught_up');
		assert.equal(cursor, peer.greeting.head);
		const heard = seqs(peer.heard('notice'));
		peer.kill();
		return { replay: peer.greeting.replay, heard };
	}

	before(async () => {
		world = its.world;
		name = `${world.townships[world.here][0]}-1`;
		clerk = await world.staff('commerce-clerk');
		epoch = clerk.greeting.epoch;
		for (let i = 0; i < 5; i++) {
			await clerk.act('notice.publish', notice([world.there]));
			const { seq } = await clerk.act('notice.publish',
				notice([i % 2 ? world.here : world.county]));
			here.push(seq);
		}
	});

	test('without a cursor only what is new comes, and no caught_up',
		async () => {
			const peer = await world.kiosk(name);
			assert.equal(peer.greeting.replay, 'none');
			const { seq } = await clerk.act('notice.publish',
				notice([world.here]));
			here.push(seq);
			assert.equal((await peer.news('notice')).seq, seq);
			assert.deepEqual(peer.heard('caught_up'), []);
			assert.deepEqual(peer.heard('notice'), []);
		});

	test('a cursor is followed by what came after it, ascending, each once',
		async () => {
			assert.deepEqual(await replayed({ epoch, cursor: here[1] }),
				{ replay: 'since', heard: here.slice(2) });
		});

	test('a peer in a hurry hears only risks of what it missed, all of the new',
		async () => {
			const from = (await world.kiosk(name)).greeting.head;
			const say = async (kind) => (await clerk.act('notice.publish',
				notice([world.here], { kind }))).seq;
			const missed = [await say('policy'), await say('risk'),
				await say('market'), await say('risk')];
			here.push(...missed);
			const cursor = { epoch, cursor: from };
			assert.deepEqual(await replayed({ ...cursor, missed: 'urgent' }),
				{ replay: 'since', heard: [missed[1], missed[3]] });
			assert.deepEqual((await replayed({ ...cursor,
				missed: 'all' })).heard, missed);
			const peer = await world.kiosk(name, { ...cursor,
				missed: 'urgent' });
			assert.equal((await peer.news('caught_up')).cursor,
				missed.at(-1));
			const { length } = peer.heard('notice');
			here.push(await say('policy'));
			assert.equal((await peer.news('notice')).seq, here.at(-1));
			assert.equal(length, 2);
		});

	test('a cursor at the head is followed by caught_up alone', async () => {
		const { head } = clerk.greeting;
		const now = (await world.kiosk(name)).greeting.head;
		assert.ok(now >= head);
		assert.deepEqual(await replayed({ epoch, cursor: now }),
			{ replay: 'since', heard: [] });
	});

	test('cursor 0 is followed by all that is in force', async () => {
		assert.deepEqual(await replayed({ cursor: 0 }),
			{ replay: 'all', heard: here });
		assert.deepEqual(await replayed({ epoch, cursor: 0 }),
			{ replay: 'all', heard: here });
	});

	test('another epoch, or none, is followed by all', async () => {
		const cursor = here[1];
		assert.deepEqual(await replayed({ epoch: 'another', cursor }),
			{ replay: 'all', heard: here });
		assert.deepEqual(await replayed({ cursor }),
			{ replay: 'all', heard: here });
	});

	test('a cursor beyond the head is followed by all', async () => {
		assert.deepEqual(await replayed({ epoch, cursor: here.at(-1) + 1000 }),
			{ replay: 'all', heard: here });
	});

	test('what has expired does not come back', async () => {
		const soon = new Date(Date.now() + 1500 + 8 * 3600e3).toISOString()
			.replace(/\..*/, '+08:00');
		const { seq } = await clerk.act('notice.publish',
			notice([world.here], { expires: soon }));
		await clerk.act('notice.publish', notice([world.there]));
		while (Date.parse(soon) >= Date.now())
			await clerk.settle();
		const { heard } = await replayed({ cursor: 0 });
		assert.ok(!heard.includes(seq));
		assert.deepEqual(heard, here);
	});

	test('a kiosk that was moved gets all of its new audience', async () => {
		const [, , village] = world.townships[world.there];
		const cursor = (await world.kiosk(name)).greeting.head;
		await world.admin('kiosk', 'move', name, `S-${village}`);
		const peer = await world.kiosk(name, { epoch, cursor });
		assert.equal(peer.greeting.replay, 'all');
		assert.equal(peer.greeting.region, village);
		await peer.news('caught_up');
		const heard = peer.heard('notice');
		assert.ok(heard.length > 5);
		assert.ok(heard.every((n) => n.audience.regions.every((r) =>
			[world.county, world.there].includes(r))));
		const again = await world.kiosk(name,
			{ epoch, cursor: peer.greeting.head });
		assert.equal(again.greeting.replay, 'since');
	});

	test('visitors and staff are replayed too', async () => {
		const visitor = await world.visitor(world.here, { cursor: 0 });
		assert.equal(visitor.greeting.replay, 'all');
		await visitor.news('caught_up');
		assert.deepEqual(seqs(visitor.heard('notice')), here);
		const staff = await world.staff('township-clerk', { cursor: 0 });
		await staff.news('caught_up');
		assert.deepEqual(seqs(staff.heard('notice')),
			seqs(await allOf(world.here)));
	});

	// What is in force for a place, by the database itself.
	async function allOf(region) {
		const visitor = await world.visitor(region, { cursor: 0 });
		await visitor.news('caught_up');
		return visitor.heard('notice');
	}
});

describe('who comes in', () => {
	const its = county({ settings: { login_seconds: 60 } });
	let world, name;
	const say = (peer, params) => peer.refused('hello', { protocol: 1,
		client: 't', lang: 'en', ...params });

	before(() => {
		world = its.world;
		name = `${world.townships[world.here][0]}-1`;
	});

	test('a wrong secret and an unknown name are told apart by nobody',
		async () => {
			const peer = await world.connect();
			const wrong = await say(peer, { as: 'kiosk', name, secret: 'x' });
			const unknown = await say(peer, { as: 'kiosk', name: 'nobody',
				secret: 'x' });
			assert.equal(wrong.tag, 'wrong_secret');
			assert.deepEqual(wrong.error, unknown.error);
			const staff = await say(peer, { as: 'staff', secret: 'x',
				name: 'commerce-approver' });
			const none = await say(peer, { as: 'staff', name: 'nobody',
				secret: 'x' });
			assert.deepEqual(staff.error, none.error);
		});

	test('a refused hello may be followed by a good one', async () => {
		const peer = await world.connect();
		await say(peer, { as: 'kiosk', name, secret: 'x' });
		const greeting = await peer.act('hello', { protocol: 1, client: 't',
			...world.credentials(name) });
		assert.deepEqual(greeting.roles, ['kiosk']);
	});

	test('a kiosk cannot come as staff, nor staff as a kiosk', async () => {
		const peer = await world.connect();
		const secret = world.secrets[name];
		assert.equal((await say(peer, { as: 'staff', name, secret })).tag,
			'wrong_secret');
		assert.equal((await say(peer, { as: 'kiosk', name: 'commerce-clerk',
			secret: world.secrets['commerce-clerk'] })).tag, 'wrong_secret');
	});

	test('a disabled kiosk is told so only if its secret is right',
		async () => {
			const other = `${world.townships[world.here][1]}-1`;
			await world.admin('kiosk', 'disable', other);
			const peer = await world.connect();
			assert.equal((await say(peer, world.credentials(other))).tag,
				'disabled');
			assert.equal((await say(peer, { as: 'kiosk', name: other,
				secret: 'x' })).tag, 'wrong_secret');
			await world.admin('kiosk', 'enable', other);
			await peer.act('hello', { protocol: 1, client: 't',
				...world.credentials(other) });
		});

	test('a second hello is refused and the session goes on', async () => {
		const peer = await world.kiosk(name);
		assert.equal((await say(peer, { as: 'visitor' })).tag, 'hello_twice');
		await peer.settle();
	});

	test('an act before hello is refused', async () => {
		const peer = await world.connect();
		assert.equal((await peer.refused('ping')).tag, 'hello_first');
		assert.equal((await peer.refused('feedback.list')).tag,
			'hello_first');
		await peer.act('hello', { protocol: 1, client: 't', as: 'visitor' });
		await peer.settle();
	});

	test('acts sent together with hello are done after it', async () => {
		const peer = await world.connect();
		const [greeting, pong] = await Promise.all([
			peer.act('hello', { protocol: 1, client: 't',
				...world.credentials(name) }),
			peer.act('ping')]);
		assert.ok(greeting.session);
		assert.ok(pong.now);
	});

	test('a region that does not exist is refused to visitors', async () => {
		const peer = await world.connect();
		const why = await say(peer, { as: 'visitor',
			region: '429999999999' });
		assert.equal(why.tag, 'unknown_region');
		assert.equal(why.path, 'region');
	});

	test('a token stands for the password, and ends with a new password',
		async () => {
			const first = await world.greet({ as: 'staff',
				name: 'transport-clerk',
				secret: world.secrets['transport-clerk'] });
			const { token } = first.greeting;
			assert.ok(token.length >= 32);
			const again = await world.greet({ as: 'staff',
				name: 'transport-clerk', token });
			assert.equal(again.greeting.department.code, 'transport');
			assert.equal(again.greeting.token, undefined);
			await world.admin('staff', 'password', 'transport-clerk',
				{ input: 'another password 1' });
			const peer = await world.connect();
			assert.equal((await say(peer, { as: 'staff',
				name: 'transport-clerk', token })).tag, 'wrong_secret');
		});

	test('an identity has many sessions, and news goes to each', async () => {
		const clerk = await world.staff('commerce-clerk');
		const peers = await Promise.all([1, 2, 3].map(() =>
			world.kiosk(name)));
		const sessions = new Set(peers.map((p) => p.greeting.session));
		assert.equal(sessions.size, 3);
		const { seq } = await clerk.act('notice.publish',
			notice([world.here]));
		for (const peer of peers)
			assert.equal((await peer.news('notice')).seq, seq);
	});

	test('refusals are in the language that was asked for', async () => {
		const en = await world.visitor(undefined, { lang: 'en' });
		const zh = await world.visitor(undefined, { lang: 'zh-CN' });
		const none = await world.connect();
		await none.act('hello', { protocol: 1, client: 't', as: 'visitor' });
		assert.match((await en.refused('nonsense')).text, /no such act/);
		assert.match((await zh.refused('nonsense')).text, /没有这种操作/);
		assert.match((await none.refused('nonsense')).text, /没有这种操作/);
	});

	test('ten wrong hellos end the connection', async () => {
		const peer = await world.connect();
		for (let i = 0; i < 9; i++)
			await say(peer, { as: 'kiosk', name: 'nobody', secret: 'x' });
		await say(peer, { as: 'kiosk', name: 'nobody', secret: 'x' })
			.catch(() => {});
		const { code } = await peer.closed;
		assert.equal(code, 1008);
	});

	test('a second factor is asked for, taken once, and taken away',
		async () => {
			const [made] = await world.admin('staff', 'totp', 'relay');
			const seed = made.seed ?? made.secret;
			assert.ok(seed, JSON.stringify(made));
			const as = { as: 'staff', name: 'relay',
				secret: world.secrets.relay };
			const peer = await world.connect();
			assert.equal((await say(peer, as)).tag, 'second_factor');
			const code = totp(seed);
			await peer.act('hello', { protocol: 1, client: 't', ...as, code });
			const replayed = await world.connect();
			assert.equal((await say(replayed, { ...as, code })).tag,
				'second_factor');
			await world.admin('staff', 'totp', 'relay', '--remove');
			await world.greet(as);
		});
});
