// SPDX-License-Identifier: Apache-2.0
// A county for one file of tests: a copy of the golden cluster, and nodes.
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { HuiyinNode, freePort } from './node.js';
import { Peer } from './peer.js';
import { Postgres } from './postgres.js';
import { build, root, scratch } from './place.js';

// Runs huiyin-admin; {code, out, err}, never throws.
export function admin(db, secretFile, args, input = '') {
	return new Promise((done) => {
		const child = execFile(`${build}/bin/huiyin-admin`,
			['--json', '--sql', `${root}/sql`, ...args], {
				env: { PATH: process.env.PATH, HUIYIN_DB: db,
					HUIYIN_INSTALLATION_SECRET_FILE: secretFile },
				maxBuffer: 1 << 26 },
			(error, out, err) => done({ code: error ? error.code : 0, out,
				err }));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});
}

export class World {
	nodes = [];
	peers = [];

	constructor(folder, golden) {
		Object.assign(this, { folder, golden, ...JSON.parse(
			readFileSync(`${golden}/county.json`, 'utf8')) });
		this.pg = new Postgres(`${folder}/pg`);
		this.ca = readFileSync(`${golden}/tls/ca.pem`);
	}

	// nodes: how many; shared: on one port; settings: of all nodes.
	static async start({ nodes = 1, shared = false, settings = {} } = {}) {
		const folder = mkdtempSync(`${scratch}/world-`);
		chmodSync(folder, 0o755);
		const world = new World(folder, process.env.HUIYIN_GOLDEN);
		world.pg.copyFrom(`${world.golden}/pg`);
		await world.pg.start();
		const port = await freePort();
		for (let i = 0; i < nodes; i++)
			await world.addNode({ ...settings,
				...(shared ? { port } : {}) });
		return world;
	}

	async addNode(settings = {}, { start = true, environment } = {}) {
		const node = new HuiyinNode(this.folder, `node${this.nodes.length + 1}`,
			{ ...await this.settings(), ...settings }, environment);
		this.nodes.push(node);
		if (start)
			await node.start();
		return node;
	}

	async settings() {
		return {
			database: this.pg.conninfo('huiyin_node'),
			installation_secret_file: `${this.golden}/installation`,
			cert: `${this.golden}/tls/server.pem`,
			key: `${this.golden}/tls/server.key`,
			port: await freePort(), admin_port: await freePort(),
			drain_seconds: 3,
		};
	}

	// Ends all; a sanitizer's or our own complaint is an error.
	async end() {
		for (const peer of this.peers)
			peer.kill();
		const ends = await Promise.all(this.nodes.map((n) => n.stop()));
		await this.pg.stop();
		for (const [i, { code, signal }] of ends.entries()) {
			const { log, name } = this.nodes[i];
			assert.ok(code === 0 || signal === 'SIGKILL',
				`${name} ended with ${code ?? signal}\n` +
				`${log.slice(-3000)}`);
			assert.doesNotMatch(log, /must\(|ERROR: \w+Sanitizer|runtime error/);
		}
		for (const peer of this.peers)
			assert.deepEqual([...new Set(peer.violations)], []);
	}

	async admin(...args) {
		const input = typeof args.at(-1) === 'object' ? args.pop().input : '';
		const done = await admin(this.pg.conninfo('postgres'),
			`${this.golden}/installation`, args, input);
		if (done.code !== 0)
			throw new Error(`huiyin-admin ${args.join(' ')}: ${done.err}`);
		return done.out ? done.out.trim().split('\n').map((l) =>
			JSON.parse(l)) : [];
	}

	// Runs huiyin as that kiosk or person; {code, out, err}, never throws.
	cli(name, ...args) {
		const { as, secret } = this.credentials(name);
		const file = `${this.folder}/secret-${name}`;
		writeFileSync(file, `${secret}\n`, { mode: 0o600 });
		return new Promise((done) => {
			execFile(`${build}/bin/huiyin`, args, {
				env: { PATH: process.env.PATH, LANG: 'C.UTF-8',
					HUIYIN_URL: this.nodes[0].url,
					HUIYIN_CA: `${this.golden}/tls/ca.pem`,
					HUIYIN_AS: as, HUIYIN_NAME: name,
					HUIYIN_SECRET_FILE: file },
				maxBuffer: 1 << 26, timeout: 60_000 },
			(error, out, err) => done({ code: error ? error.code : 0, out,
				err }));
		});
	}

	async connect(node = this.nodes[0], options = {}) {
		const peer = await Peer.connect(node.url, { ca: this.ca, ...options });
		this.peers.push(peer);
		return peer;
	}

	// A peer that has said hello; its answer is peer.greeting.
	async greet(params, { node, ...options } = {}) {
		const peer = await this.connect(node, options);
		peer.greeting = await peer.act('hello', { protocol: 1,
			client: 'system-test/1', lang: 'en', ...params });
		return peer;
	}

	credentials(name) {
		return { as: this.kiosks[name] ? 'kiosk' : 'staff', name,
			secret: this.secrets[name] };
	}

	// kiosk('422802100201-1', {cursor, epoch}) and staff('commerce-clerk').
	kiosk(name, more = {}, options = {}) {
		return this.greet({ ...this.credentials(name), ...more }, options);
	}

	// By the token of last time; a password costs argon2id.
	async staff(name, more = {}, options = {}) {
		const token = this.#tokens.get(name);
		if (token)
			try {
				return await this.greet({ as: 'staff', name, token, ...more },
					options);
			} catch (error) {
				if (error.tag !== 'wrong_secret')
					throw error;
			}
		const peer = await this.greet({ as: 'staff', name,
			secret: this.secrets[name], ...more }, options);
		this.#tokens.set(name, peer.greeting.token);
		return peer;
	}

	visitor(region, more = {}, options = {}) {
		return this.greet({ as: 'visitor', ...(region ? { region } : {}),
			...more }, options);
	}

	#tokens = new Map();
}

// For a describe(): a world that is started before and ended after it.
export function county(options) {
	const its = {};
	before(async () => { its.world = await World.start(options); });
	after(() => its.world?.end());
	return its;
}

export const notice = (regions, more = {}) => ({ kind: 'policy',
	headline: '茶叶补贴', description: '请到镇里办理。',
	audience: { regions }, ...more });

export const feedback = (region, more = {}) => ({ region,
	service: 'question', text: '补贴什么时候发?', ...more });
