// SPDX-License-Identifier: Apache-2.0
// What operators do and what happens to them: certificates (I31), stopping,
// the database away and back (I6), identities taken away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { Authority } from './lib/pki.js';
import { newRef } from './lib/ref.js';
import { build } from './lib/place.js';
import { until, within } from './lib/wait.js';
import { county, feedback, notice } from './lib/world.js';

describe('the listener for operators', () => {
	const its = county();

	test('says that the node lives and is ready', async () => {
		const [node] = its.world.nodes;
		assert.equal((await node.get('/live')).status, 200);
		const { status, text } = await node.get('/ready');
		assert.equal(status, 200);
		assert.equal(JSON.parse(text).ready, true);
		assert.equal((await node.get('/nonsense')).status, 404);
	});

	test('counts sessions, acts and refusals', async () => {
		const { world } = its;
		const [node] = world.nodes;
		const before = await node.metrics();
		const visitor = await world.visitor();
		await visitor.refused('nonsense');
		const after = await node.metrics();
		const grew = (name) => (after.get(name) ?? 0) -
			(before.get(name) ?? 0);
		assert.equal(grew('huiyin_sessions_opened_total'), 1);
		assert.equal(grew('huiyin_hellos_total'), 1);
		assert.equal(grew('huiyin_refusals_total{tag="unknown_act"}'), 1);
		assert.equal(grew('huiyin_acts_done_total{act="hello"}'), 1);
		assert.equal(grew('huiyin_sessions_live'), 1);
	});

	test('writes metrics as Prometheus reads them', async () => {
		const { text } = await its.world.nodes[0].get('/metrics');
		const typed = new Set();
		for (const line of text.split('\n').filter(Boolean)) {
			const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line);
			if (type) {
				assert.ok(!typed.has(type[1]), line);
				typed.add(type[1]);
				if (type[2] === 'counter')
					assert.match(type[1], /_total$/);
			} else if (line[0] === '#') {
				assert.match(line, /^# HELP \w+ .+/);
			} else {
				const [, name] = /^(\w+)(?:\{[^}]*\})? \S+$/.exec(line);
				assert.ok(typed.has(name) || typed.has(
					name.replace(/_(bucket|sum|count)$/, '')), line);
			}
		}
	});
});

describe('a certificate', () => {
	const its = county({ nodes: 0 });
	let world, node, paths, kiosk, other;

	// The serial number a new connection is shown.
	const serial = () => new Promise((done, fail) => {
		const socket = tlsConnect({ port: node.settings.port,
			host: '127.0.0.1', ca: [world.ca, other.ca] }, () => {
			done(socket.getPeerCertificate().serialNumber);
			socket.destroy();
		});
		socket.on('error', fail);
	});

	const reload = async (word) => {
		const from = node.log.length;
		node.signal('SIGHUP');
		await until(`the log says ${word}`, () =>
			node.log.slice(from).includes(word));
	};

	before(async () => {
		world = its.world;
		other = new Authority(`${world.folder}/other`);
		paths = { cert: `${world.folder}/live.pem`,
			key: `${world.folder}/live.key` };
		copyFileSync(`${world.golden}/tls/server.pem`, paths.cert);
		copyFileSync(`${world.golden}/tls/server.key`, paths.key);
		node = await world.addNode(paths);
		kiosk = await world.kiosk(Object.keys(world.kiosks)[0]);
	});

	test('is read again on SIGHUP, and no session ends', async () => {
		const old = await serial();
		const fresh = other.issue('fresh');
		copyFileSync(fresh.cert, paths.cert);
		copyFileSync(fresh.key, paths.key);
		await reload('certificate reloaded');
		assert.notEqual(await serial(), old);
		await kiosk.settle();
	});

	for (const [name, spoil] of [
		['a broken certificate', () => writeFileSync(paths.cert, 'nonsense')],
		['an empty key', () => truncateSync(paths.key)],
		['a key of another certificate', () =>
			copyFileSync(`${world.golden}/tls/server.key`, paths.key)],
		['no certificate', () => execFileSync('rm', [paths.cert])],
	])
		test(`stays whole when there is ${name}`, async () => {
			const old = await serial();
			spoil();
			await reload('certificate kept: the new one is bad ' +
				`file=${paths.cert}`);
			assert.equal(await serial(), old);
			await kiosk.settle();
			const fresh = other.issue('fresh');
			copyFileSync(fresh.cert, paths.cert);
			copyFileSync(fresh.key, paths.key);
			await reload('certificate reloaded');
		});
});

describe('a node told to stop', () => {
	const its = county({ nodes: 2, shared: true });

	test('answers what is on its way, says bye and when to come back',
		async () => {
			const { world } = its;
			const [village] = world.townships[world.here];
			const peers = await Promise.all([1, 2, 3, 4].map(() =>
				world.kiosk(`${village}-1`)));
			const acts = peers.map((p) => Promise.all(Array.from(
				{ length: 20 }, () => p.act('feedback.submit',
					feedback(village)))));
			const byes = peers.map((p) => p.news('bye'));
			await peers[0].settle();
			for (const node of world.nodes)
				node.signal('SIGTERM');
			assert.equal((await Promise.all(acts)).flat().length, 80);
			for (const bye of await Promise.all(byes)) {
				assert.equal(bye.reason, 'restart');
				assert.ok(bye.retry > 0);
			}
			for (const peer of peers)
				assert.equal((await peer.closed).code, 1012);
			for (const node of world.nodes)
				assert.equal((await node.ended).code, 0);
		});

	test('leaves the port to the other one: nobody is turned away',
		async () => {
			const { world } = its;
			for (const node of world.nodes)
				await node.start();
			for (let i = 0; i < 3; i++) {
				const node = world.nodes[i % 2];
				const stopping = node.stop();
				await stopping;
				for (let k = 0; k < 10; k++)
					(await world.visitor()).kill();
				await node.start();
			}
		});

	test('takes its sessions out of presence', async () => {
		const { world } = its;
		const [village] = world.townships[world.here];
		await world.kiosk(`${village}-1`);
		const clerk = await world.staff('commerce-clerk');
		const online = async (peer) => (await peer.act('station.list',
			{ region: village })).items[0].online;
		assert.equal(await online(clerk), true);
		await Promise.all(world.nodes.map((n) => n.stop()));
		await world.nodes[0].start();
		const again = await world.staff('commerce-clerk');
		assert.equal(await online(again), false);
	});
});

describe('an identity that is taken away', () => {
	const its = county({ nodes: 2 });

	test('loses its live sessions within 2 seconds, at every node',
		async () => {
			const { world } = its;
			const [one, two] = Object.keys(world.kiosks);
			const sessions = await Promise.all([
				world.kiosk(one, {}, { node: world.nodes[0] }),
				world.kiosk(one, {}, { node: world.nodes[1] })]);
			const untouched = await world.kiosk(two);
			await world.admin('kiosk', 'disable', one);
			await within(2, 'both have gone',
				Promise.all(sessions.map((p) => p.closed)));
			await untouched.settle();
			for (const peer of sessions)
				assert.deepEqual(await peer.news('bye'),
					{ reason: 'disabled', retry: 300 });
		});

	test('staff likewise, and its token is worth nothing', async () => {
		const { world } = its;
		const clerk = await world.staff('transport-clerk');
		const { token } = clerk.greeting;
		await world.admin('staff', 'disable', 'transport-clerk');
		await within(2, 'the session has gone', clerk.closed);
		const peer = await world.connect();
		assert.equal((await peer.refused('hello', { protocol: 1,
			client: 't', as: 'staff', name: 'transport-clerk', token })).tag,
		'wrong_secret');
	});

	test('a kiosk moved hears of its new place without coming back',
		async () => {
			const { world } = its;
			const name = Object.keys(world.kiosks)[3];
			const village = world.townships[world.third][0];
			const kiosk = await world.kiosk(name);
			const clerk = await world.staff('commerce-clerk');
			await world.admin('kiosk', 'move', name, `S-${village}`);
			const again = await Promise.race([
				kiosk.closed.then(() => world.kiosk(name)),
				new Promise((done) => { setTimeout(() => done(kiosk), 2500); }),
			]);
			const { seq } = await clerk.act('notice.publish',
				notice([village]));
			assert.equal((await again.news('notice')).seq, seq);
		});
});

describe('the database', () => {
	const its = county({ settings: { pg_timeout_seconds: 3 } });
	let world, kiosk, village;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
	});

	const isReady = async () =>
		(await world.nodes[0].get('/ready')).status === 200;

	test('away: nothing is acknowledged, reading is refused for later, ' +
		'nothing is lost, and no session ends', async () => {
		await world.pg.stop();
		await until('the node knows', async () => !await isReady());
		assert.equal((await world.nodes[0].get('/live')).status, 200);
		const refs = Array.from({ length: 20 }, () => newRef());
		let settled = 0;
		const acts = refs.map((ref) => kiosk.act('feedback.submit',
			feedback(village), ref, 60).then((r) => { settled++; return r; }));
		const why = await kiosk.refused('feedback.get', { receipt: 'HY-x' });
		assert.equal(why.tag, 'unavailable');
		assert.equal(why.retry, 'later');
		await kiosk.settle();
		assert.equal(settled, 0);
		await world.pg.start();
		const back = Date.now();
		const done = await Promise.all(acts);
		assert.ok(Date.now() - back < 5000, 'service is back within 5 s');
		assert.equal(new Set(done.map((d) => d.receipt)).size, 20);
		await until('the node is ready', isReady);
	});

	test('not answering at all: likewise', async () => {
		const before = Number(await world.pg.value(
			'select count(*) from huiyin.feedback'));
		const stopped = [world.pg.postmaster,
			...await world.pg.backends()];
		for (const pid of stopped)
			process.kill(pid, 'SIGSTOP');
		const acts = Array.from({ length: 20 }, () => kiosk.act(
			'feedback.submit', feedback(village), newRef(), 60));
		await until('the node knows', async () => !await isReady(),
			{ seconds: 15 });
		for (const pid of stopped)
			try {
				process.kill(pid, 'SIGCONT');
			} catch {
				continue;
			}
		await Promise.all(acts);
		assert.equal(Number(await world.pg.value(
			'select count(*) from huiyin.feedback')), before + 20);
	});

	test('that has no more connections to give: the node waits for one',
		async () => {
			const limit = (n) => world.pg.rows('alter role huiyin_node ' +
				`connection limit ${n}`);
			await limit(0);
			await world.pg.rows('select pg_terminate_backend(pid) from ' +
				"pg_stat_activity where usename = 'huiyin_node'");
			const act = kiosk.act('feedback.submit', feedback(village),
				newRef(), 60);
			await until('the node knows', async () => !await isReady());
			await limit(-1);
			assert.match((await act).receipt, /^HY-/);
		});

	test('without room for writing: the node says so, and settles once ' +
		'there is', async () => {
		await world.pg.rows('create function huiyin.no_room() returns ' +
			'boolean language plpgsql as $$ begin raise exception using ' +
			"errcode = 'disk_full'; end $$");
		await world.pg.rows('alter table huiyin.feedback add constraint ' +
			'full_disk check (huiyin.no_room()) not valid');
		const act = kiosk.act('feedback.submit', feedback(village),
			newRef(), 60);
		await until('the node says why', async () => {
			const { status, text } = await world.nodes[0].get('/ready');
			return status === 503 && text.includes('disk is full');
		}, { seconds: 15 });
		assert.equal((await world.nodes[0].get('/live')).status, 200);
		await world.pg.rows('alter table huiyin.feedback drop constraint ' +
			'full_disk');
		assert.match((await act).receipt, /^HY-/);
		await until('the node is ready', isReady);
	});

	test('without fsync is refused: the node serves nobody', async () => {
		await world.pg.rows('alter system set fsync = off');
		await world.pg.rows('select pg_reload_conf()');
		await world.pg.rows('select pg_terminate_backend(pid) from ' +
			"pg_stat_activity where usename = 'huiyin_node'");
		await until('the node says why', async () => {
			const { status, text } = await world.nodes[0].get('/ready');
			return status === 503 && text.includes('fsync');
		});
		await world.pg.rows('alter system reset fsync');
		await world.pg.rows('select pg_reload_conf()');
		await until('the node is ready', isReady, { seconds: 30 });
		await kiosk.settle();
	});

	test('with synchronous_commit off for the role is refused', async () => {
		await world.pg.rows('alter role huiyin_node set ' +
			'synchronous_commit = off');
		await world.pg.rows('select pg_terminate_backend(pid) from ' +
			"pg_stat_activity where usename = 'huiyin_node'");
		await until('the node says why', async () => {
			const { status, text } = await world.nodes[0].get('/ready');
			return status === 503 && text.includes('synchronous_commit');
		});
		await world.pg.rows('alter role huiyin_node set ' +
			'synchronous_commit = on');
		await until('the node is ready', isReady, { seconds: 30 });
	});
});

describe('a configuration', () => {
	const its = county({ nodes: 0 });

	function check(settings) {
		const file = `${its.world.folder}/check.yaml`;
		writeFileSync(file, settings);
		try {
			execFileSync(`${build}/bin/huiyind`, ['--config', file,
				'--check'], { stdio: 'pipe', env: { PATH: process.env.PATH } });
			return { code: 0, err: '' };
		} catch (error) {
			return { code: error.status, err: error.stderr.toString() };
		}
	}

	test('with an unknown key is refused with line and key', () => {
		const { code, err } = check('port: 7443\nprot: 1\n');
		assert.equal(code, 2);
		assert.match(err, /check\.yaml/);
		assert.match(err, /\b2\b/);
		assert.match(err, /prot/);
	});

	test('with a number out of bounds is refused with its key', () => {
		const { code, err } = check('port: 70000\n');
		assert.equal(code, 2);
		assert.match(err, /port/);
	});

	test('shows its settings but not its secrets', async () => {
		const { world } = its;
		const file = `${world.folder}/print.yaml`;
		const settings = await world.settings();
		settings.database += ' password=CANARY';
		writeFileSync(file, Object.entries(settings).map(([k, v]) =>
			`${k}: ${JSON.stringify(v)}\n`).join(''));
		const out = execFileSync(`${build}/bin/huiyind`, ['--config', file,
			'--print-config'], { env: { PATH: process.env.PATH } }).toString();
		assert.match(out, new RegExp(`port: ${settings.port}`));
		assert.doesNotMatch(out, /CANARY/);
	});
});
