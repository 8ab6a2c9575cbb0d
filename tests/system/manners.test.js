// SPDX-License-Identifier: Apache-2.0
// What a node and lines that are slow, paid by the byte or led through a
// proxy ask of each other.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { build, root } from './lib/place.js';
import { within } from './lib/wait.js';
import { county, notice } from './lib/world.js';

describe('keepalive', () => {
	const its = county({ settings: { keepalive_seconds: 2,
		keepalive_most_seconds: 5 } });
	let world;

	before(() => {
		world = its.world;
	});

	test('is the node\'s own where nothing is asked for', async () => {
		assert.equal((await world.visitor(null)).greeting.keepalive, 2);
	});

	test('may be longer, up to what the node allows, never shorter',
		async () => {
			for (const [keepalive, holds] of [[1, 2], [3, 3], [5, 5], [900, 5],
				[86400, 5]])
				assert.equal((await world.greet({ as: 'visitor',
					keepalive })).greeting.keepalive, holds);
		});

	test('is a number within its bounds', async () => {
		const peer = await world.connect();
		for (const keepalive of [0, -1, 86401, '900', 1.5, null]) {
			const refusal = await peer.refused('hello', { protocol: 1,
				client: 't', as: 'visitor', keepalive });
			assert.equal(refusal.path, 'keepalive');
		}
	});

	test('is what the node pings by', async () => {
		const pings = async (more) => {
			const peer = await world.greet({ as: 'visitor', ...more });
			const began = performance.now();
			await within(12, 'a ping', new Promise((done) => {
				peer.socket.once('ping', done);
			}));
			return (performance.now() - began) / 1000;
		};
		const [short, long] = await Promise.all([pings({}),
			pings({ keepalive: 5 })]);
		assert.ok(short >= 1.9 && short < 4.9, `pinged after ${short} s`);
		assert.ok(long >= 4.9, `pinged after ${long} s`);
	});
});

// An HTTP proxy that lets through who says the right password.
class Proxy {
	asked = [];
	#server = createServer((near) => this.#serve(near));
	#open = new Set();

	listen() {
		return new Promise((done) => {
			this.#server.listen(0, '127.0.0.1', () => {
				this.port = this.#server.address().port;
				done(this);
			});
		});
	}

	close() {
		for (const socket of this.#open)
			socket.destroy();
		return new Promise((done) => {
			this.#server.close(done);
		});
	}

	#keep(socket) {
		this.#open.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => this.#open.delete(socket));
		return socket;
	}

	#serve(near) {
		this.#keep(near).once('data', (head) => {
			const text = head.toString();
			this.asked.push(text.split('\r\n')[0]);
			const [, host, port] = /^CONNECT (.*):(\d+) /.exec(text);
			const login = Buffer.from('station:geheim').toString('base64');
			if (!text.includes(`\r\nProxy-Authorization: Basic ${login}\r\n`)) {
				near.end('HTTP/1.1 407 Proxy Authentication Required\r\n' +
					'Proxy-Authenticate: Basic realm="x"\r\n\r\n');
				return;
			}
			const far = this.#keep(connect(Number(port), host, () => {
				near.write('HTTP/1.1 200 Connection established\r\n\r\n');
				near.pipe(far).pipe(near);
			}));
			far.on('close', () => near.destroy());
		});
	}
}

describe('the program huiyin', () => {
	const its = county();
	let world, name, proxy;

	// {code, out, err} of a command of a kiosk with a store of its own.
	function huiyin(store, args, environment = {}) {
		return new Promise((done) => {
			execFile(`${build}/bin/huiyin`, [...args, '--store',
				`${world.folder}/${store}`, ...(args.includes('--timeout') ?
					[] : ['--timeout', '8'])], { env: {
				PATH: process.env.PATH, LANG: 'C.UTF-8',
				LSAN_OPTIONS: `suppressions=${root}/tests/lib/lsan.supp`,
				HUIYIN_URL: world.nodes[0].url,
				HUIYIN_CA: `${world.golden}/tls/ca.pem`, HUIYIN_AS: 'kiosk',
				HUIYIN_NAME: name,
				HUIYIN_SECRET_FILE: `${world.folder}/secret`,
				...environment } }, (error, out, err) =>
				done({ code: error ? error.code : 0, out, err }));
		});
	}

	const submit = ['feedback', 'submit', '--service', 'question', '--text',
		'x', '--region'];

	before(async () => {
		world = its.world;
		name = `${world.townships[world.here][0]}-1`;
		writeFileSync(`${world.folder}/secret`, world.secrets[name]);
		proxy = await new Proxy().listen();
	});

	after(() => proxy.close());

	test('reaches the node through a proxy', async () => {
		const done = await huiyin('through', [...submit, world.here], {
			HUIYIN_PROXY: `http://station:geheim@127.0.0.1:${proxy.port}` });
		assert.equal(done.code, 0, done.err);
		assert.match(done.out, /HY-/);
		assert.deepEqual(proxy.asked,
			[`CONNECT 127.0.0.1:${world.nodes[0].settings.port} HTTP/1.1`]);
	});

	test('tells what the line has cost, day by day', async () => {
		const line = /^(\d{4}-\d\d-\d\d) +(\d+) +(\d+)$/;
		const costs = async () => {
			const { code, out, err } = await huiyin('through', ['traffic',
				'--days', '2']);
			assert.equal(code, 0, err);
			const rows = out.trim().split('\n');
			assert.match(rows[0], /^DAY +SENT +RECEIVED$/);
			assert.equal(rows.length, 3);
			return rows.slice(1).map((row) => line.exec(row).slice(1));
		};
		const sum = (days) => days.reduce((all, [, sent, received]) =>
			all + Number(sent) + Number(received), 0);
		const before = await costs();
		// A handshake, a hello and an act, and its answer.
		assert.ok(sum(before) > 2000 && sum(before) < 20000, `${before}`);
		const text = 'y'.repeat(3000);
		await huiyin('through', ['feedback', 'submit', '--service',
			'question', '--region', world.here, '--text', text]);
		const more = sum(await costs()) - sum(before);
		assert.ok(more > 5000 && more < 20000, `${more} more`);
		const { out } = await huiyin('through', ['traffic', '--json']);
		assert.equal(out.trim().split('\n').map((row) =>
			JSON.parse(row)).length, 7);
	});

	test('reaches a node at an IPv6 address', async () => {
		const node = await world.addNode({ host: '::1' });
		const done = await huiyin('six', [...submit, world.here], {
			HUIYIN_URL: `wss://[::1]:${node.settings.port}/ws` });
		assert.equal(done.code, 0, done.err);
		assert.match(done.out, /HY-/);
	});

	test('hears with its budget used up only risks of what it missed',
		async () => {
			const clerk = await world.staff('commerce-clerk');
			const publish = (headline, kind) => clerk.act('notice.publish',
				notice([world.here], { headline, kind }));
			const listen = async (...more) => {
				const { out } = await huiyin('dear', ['listen', '--timeout',
					'2', '--json', '--count', '9', ...more]);
				return out.split('\n').filter(Boolean).map((row) =>
					JSON.parse(row).headline);
			};
			await publish('before', 'policy');
			assert.ok((await listen()).includes('before'));
			await publish('a subsidy', 'policy');
			await publish('a flood', 'risk');
			assert.deepEqual(await listen('--budget', '1'), ['a flood']);
			const done = await huiyin('dear', [...submit, world.here,
				'--budget', '1']);
			assert.equal(done.code, 0, done.err);
			assert.deepEqual(await listen('--budget', '1'), []);
			assert.deepEqual(await listen(), ['a subsidy']);
		});

	test('says what a proxy answers instead', async () => {
		const done = await huiyin('refused', ['ping', '--proxy',
			`127.0.0.1:${proxy.port}`]);
		assert.equal(done.code, 3);
		assert.match(done.err, /proxy.*407 Proxy Authentication Required/);
	});
});
