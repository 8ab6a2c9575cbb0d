// SPDX-License-Identifier: Apache-2.0
// What kiosks seal to the county: not to be read on their disk, in clear in the
// database, sent again to a database that has lost it. And their stores, which
// are seen when they go back in time.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync }
	from 'node:fs';
import { before, describe, test } from 'node:test';
import { build, scratch } from './lib/place.js';
import { newRef } from './lib/ref.js';
import { until, within } from './lib/wait.js';
import { county } from './lib/world.js';

const text = '井水发黑,孩子肚子疼';
let number = 0;

// A private key of the county, and the public one.
async function makeKeys(world, file) {
	const [{ public: key, name }] = await world.admin('seal', 'new', file);
	writeFileSync(`${file}.pub`, `${key}\n`);
	return { file, pub: `${file}.pub`, name };
}

// The command line as a kiosk with a store: {code, out, err}, or {kill, ended}.
class Kiosk {
	constructor(world, keys, name) {
		Object.assign(this, { world, name, keys,
			store: `${world.folder}/kiosk${++number}` });
	}

	start(...args) {
		const secret = `${this.world.folder}/${this.name}.secret`;
		writeFileSync(secret, this.world.secrets[this.name], { mode: 0o600 });
		const child = spawn(`${build}/bin/huiyin`, ['--json', '--store',
			this.store, ...args], { env: { PATH: process.env.PATH,
			ASAN_OPTIONS: 'exitcode=99',
			HUIYIN_URL: this.url ?? this.world.nodes[0].url,
			HUIYIN_CA: `${this.world.golden}/tls/ca.pem`, HUIYIN_AS: 'kiosk',
			HUIYIN_NAME: this.name, HUIYIN_SECRET_FILE: secret,
			HUIYIN_SEAL_KEY_FILE: this.keys?.pub ?? '' } });
		const said = { child, out: '', err: '' };
		child.stdin.end();
		child.stdout.on('data', (data) => { said.out += data; });
		child.stderr.on('data', (data) => { said.err += data; });
		said.ended = within(60, `huiyin ${args.join(' ')}`,
			new Promise((done) => {
				child.on('close', (code) => done({ ...said, code }));
			}));
		return said;
	}

	run(...args) {
		return this.start(...args).ended;
	}

	submit(words = text, ...more) {
		return this.run('--timeout', '20', ...more, 'feedback', 'submit',
			'--region', this.world.kiosks[this.name], '--service', 'need',
			'--text', words);
	}

	// What it would send again to a restored database: {ref, params}.
	copy() {
		const [ref, params] = JSON.parse(execFileSync('python3', ['-c',
			'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(' +
			'sys.argv[1]).execute("select ref, params from copy")' +
			'.fetchone()))', `${this.store}/outbox.db`]));
		return { ref, params: JSON.parse(params) };
	}

	// Is this somewhere in the bytes of its folder?
	holds(words) {
		return readdirSync(this.store).some((name) =>
			readFileSync(`${this.store}/${name}`).includes(words));
	}
}

// All that is on disk of a kiosk that has never been on the line.
async function offline(kiosk, words = text) {
	kiosk.url = 'wss://127.0.0.1:1/ws';
	const { code, out } = await kiosk.submit(words, '--timeout', '1');
	assert.equal(code, 3);
	delete kiosk.url;
	return JSON.parse(out).ref;
}

describe('sealed', () => {
	const its = county({ nodes: 0 });
	let world, keys, name, node;

	before(async () => {
		world = its.world;
		keys = await makeKeys(world, `${world.folder}/seal`);
		[name] = Object.keys(world.kiosks);
		node = await world.addNode({
			seal_secret: readFileSync(keys.file, 'utf8').trim() });
	});

	const said = async (ref) => (await world.pg.rows(
		`select f.said from huiyin.feedback f where f.ref = '${ref}'`));

	test('a kiosk keeps nothing that can be read; the county reads it',
		async () => {
			const kiosk = new Kiosk(world, keys, name);
			const ref = await offline(kiosk);
			assert.ok(kiosk.holds(ref));
			assert.ok(!kiosk.holds(text));
			const { code, out } = await kiosk.run('outbox');
			assert.equal(code, 0, out);
			assert.match(out, /"receipt":"HY-/);
			assert.deepEqual(await said(ref), [[text]]);
			assert.ok(!kiosk.holds(text));
			assert.ok(await node.metric('acts_opened_total') > 0);
		});

	test('without a key it is in clear on the disk', async () => {
		const kiosk = new Kiosk(world, null, name);
		await offline(kiosk);
		assert.ok(kiosk.holds(text));
	});

	test('said in clear under the same ref it is the same act', async () => {
		const kiosk = new Kiosk(world, keys, name);
		const ref = await offline(kiosk, '又来一次');
		const peer = await world.kiosk(name);
		const first = await kiosk.run('outbox');
		assert.equal(first.code, 0);
		const { result } = JSON.parse(first.out);
		const plain = { region: world.kiosks[name], service: 'need',
			text: '又来一次' };
		const again = await peer.act('feedback.submit', plain, ref);
		assert.equal(again.receipt, result.receipt);
		assert.equal(again.key, result.key);
		const why = await peer.refused('feedback.submit', { ...plain,
			text: '别的' }, ref);
		assert.equal(why.tag, 'conflict');
	});

	test('what cannot be opened is refused, with the field', async () => {
		const peer = await world.kiosk(name);
		const box = Buffer.alloc(300, 7).toString('base64');
		const refused = async (params, act = 'feedback.submit') => {
			const { tag, path } = await peer.refused(act, params, newRef());
			return [tag, path];
		};
		assert.deepEqual(await refused({ sealed: box, to: keys.name }),
			['bad_seal', 'sealed']);
		assert.deepEqual(await refused({ sealed: 'x', to: keys.name }),
			['bad_seal', 'sealed']);
		assert.deepEqual(await refused({ sealed: box,
			to: '0123456789abcdef' }), ['bad_seal', 'to']);
		assert.deepEqual(await refused({ sealed: box }), ['bad_seal', 'sealed']);
		assert.deepEqual(await refused({ sealed: box, to: keys.name,
			text: 'x' }), ['bad_seal', 'sealed']);
		assert.deepEqual(await refused({ sealed: box, to: keys.name },
			'notice.receipt'), ['unknown_field', 'sealed']);
	});

	test('hello announces the keys by name', async () => {
		const peer = await world.kiosk(name);
		assert.ok(peer.greeting.features.includes(`sealed:${keys.name}`));
	});

	test('a node without the key gets nothing, and what is sealed waits',
		async () => {
			const other = await world.addNode({});
			const kiosk = new Kiosk(world, keys, name);
			const ref = await offline(kiosk);
			kiosk.url = other.url;
			const { err } = await kiosk.run('--timeout', '3', 'outbox');
			assert.match(err, /seal_key/);
			assert.deepEqual(await said(ref), []);
			kiosk.url = node.url;
			assert.equal((await kiosk.run('outbox')).code, 0);
			assert.deepEqual(await said(ref), [[text]]);
		});

	test('a key that was replaced still opens what waits', async () => {
		const file = `${world.folder}/two`;
		const old = await makeKeys(world, file);
		const kiosk = new Kiosk(world, { pub: `${file}.old` }, name);
		writeFileSync(`${file}.old`, readFileSync(old.pub));
		const ref = await offline(kiosk);
		await makeKeys(world, file);
		kiosk.url = (await world.addNode({}, { environment: {
			HUIYIN_SEAL_SECRET_FILE: file } })).url;
		assert.equal((await kiosk.run('outbox')).code, 0);
		assert.deepEqual(await said(ref), [[text]]);
	});

	// A new database is what a restore from before leaves behind.
	test('a database that lost it is sent it again',
		async () => {
			const kiosk = new Kiosk(world, keys, name);
			const first = await kiosk.submit('路断了');
			assert.equal(first.code, 0, first.err);
			const [[ref]] = await world.pg.rows(
				"select f.ref from huiyin.feedback f where f.said = '路断了'");
			assert.ok(!kiosk.holds('路断了'));
			await world.pg.rows(`delete from huiyin.feedback_history h
				using huiyin.feedback f
				where f.id = h.feedback and f.ref = '${ref}'`);
			await world.pg.rows(
				`delete from huiyin.feedback f where f.ref = '${ref}'`);
			await world.pg.rows(
				`delete from huiyin.act a where a.ref = '${ref}'`);
			await world.admin('db', 'restored');
			const listener = kiosk.start('--timeout', '30', 'listen');
			await until('it is in the database again', async () =>
				(await said(ref)).length === 1, { seconds: 30 });
			await until('the kiosk tells', () =>
				/settled_anew/.test(listener.err), { seconds: 10 });
			listener.child.kill('SIGTERM');
			await listener.ended;
			const { receipt, key } = JSON.parse(first.out);
			const [[now]] = await world.pg.rows(
				`select f.receipt from huiyin.feedback f where f.ref = '${ref}'`);
			assert.notEqual(now, receipt);
			const peer = await world.kiosk(name);
			const { text: found } = await peer.act('feedback.get',
				{ receipt: now, key });
			assert.equal(found, '路断了');
		});

	test('whoever takes a copy from a kiosk gets no key for it', async () => {
		const kiosk = new Kiosk(world, keys, name);
		const { out } = await kiosk.submit();
		assert.match(JSON.parse(out).key, /^\d{16}$/);
		const { ref, params } = kiosk.copy();
		const thief = await world.kiosk(name);
		const result = await thief.act('feedback.submit', params, ref);
		assert.equal(result.receipt, JSON.parse(out).receipt);
		assert.equal(result.key, undefined);
		const why = await thief.refused('feedback.submit', params, newRef());
		assert.equal(why.tag, 'bad_seal');
		assert.ok(!kiosk.holds(text));
		assert.ok(!kiosk.holds(JSON.parse(out).key));
	});
});

describe('store that went back', () => {
	const its = county();
	let world, name;

	before(() => {
		world = its.world;
		[name] = Object.keys(world.kiosks);
	});

	const audited = async () => Number((await world.pg.rows(
		"select count(*) from huiyin.audit a " +
		"where a.act = 'store.rolled_back'"))[0][0]);

	test('an old copy put back is seen, audited, counted and told', async () => {
		const kiosk = new Kiosk(world, null, name);
		const old = `${scratch}/old-store`;
		for (let i = 0; i < 2; i++) // the second session tells a mark
			assert.equal((await kiosk.submit(`before ${i}`)).code, 0);
		cpSync(kiosk.store, old, { recursive: true });
		const sent = await offline(kiosk, 'sent by the newer store');
		assert.equal((await kiosk.run('outbox')).code, 0);
		assert.equal(await audited(), 0);
		rmSync(kiosk.store, { recursive: true });
		mkdirSync(kiosk.store);
		cpSync(old, kiosk.store, { recursive: true });
		const other = await offline(kiosk, 'sent by the older store');
		const back = await kiosk.run('outbox');
		assert.equal(back.code, 0, back.err);
		assert.match(back.err, /store_rolled_back/);
		assert.equal(await audited(), 1);
		assert.equal(await world.nodes[0].metric('stores_rolled_back_total'),
			1);
		for (const ref of [sent, other])
			assert.equal((await world.pg.rows(`select 1 from huiyin.feedback f
				where f.ref = '${ref}'`)).length, 1);
		const next = await kiosk.submit('and goes on');
		assert.doesNotMatch(next.err, /rolled_back/);
		assert.equal(await audited(), 1);
		await world.admin('audit', 'verify');
	});
});
