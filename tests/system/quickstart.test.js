// SPDX-License-Identifier: Apache-2.0
// deploy/quickstart: makes a demo county, keeps it up, leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync,
	readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import WebSocket from 'ws';
import { long, root, scratch } from './lib/place.js';
import { until, within } from './lib/wait.js';

const folder = mkdtempSync(`${scratch ?? '/tmp'}/quickstart-`);
spawnSync('chmod', ['755', folder]);
const state = `${folder}/state`;
const script = `${root}/deploy/quickstart`;
const NOBODY = 65534;
const needsRoot = process.getuid() === 0 ? undefined : 'needs root';

// Runs it; `close` comes when all of its streams are closed, not its end.
function quickstart(...flags) {
	const { input, uid, ...where } = typeof flags.at(-1) === 'object' ?
		flags.pop() : {};
	const child = spawn(script,
		[...flags, '--state', where.state ?? state], { uid, gid: uid });
	let said = '';
	child.stdout.on('data', (text) => { said += text; });
	child.stderr.on('data', (text) => { said += text; });
	child.stdin.end(input ?? '');
	return within(400, `quickstart ${flags.join(' ')}`,
		new Promise((done) => {
			child.on('close', (code) => done({ code, said }));
		}));
}

async function done(...flags) {
	const { code, said } = await quickstart(...flags);
	assert.equal(code, 0, said);
	return said;
}

async function secondsOf(work) {
	const began = performance.now();
	await work();
	return (performance.now() - began) / 1000;
}

// demo.env as a shell reads it.
function demoEnv(of = state) {
	const out = spawnSync('env', ['-i', '/bin/bash', '-c',
		'set -a; . "$0"; exec /usr/bin/env -0', `${of}/demo.env`]);
	return Object.fromEntries(out.stdout.toString().split('\0')
		.filter(Boolean).map((line) => {
			const at = line.indexOf('=');
			return [line.slice(0, at), line.slice(at + 1)];
		}));
}

// Processes with the state folder on their command line.
function processes(of = state) {
	return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
		.map((pid) => {
			try {
				const line = readFileSync(
					`/proc/${pid}/cmdline`, 'utf8');
				return { pid: Number(pid), line: line
					.replaceAll('\0', ' ').trim() };
			} catch {
				return { line: '' };
			}
		}).filter(({ line }) => line.includes(of));
}
const pids = (word) => processes().filter(({ line }) => line.includes(word))
	.map(({ pid }) => pid).sort();

function fingerprints() {
	return ['secret', 'tls'].flatMap((name) =>
		readdirSync(`${state}/${name}`).sort().map((file) =>
			createHash('sha256').update(readFileSync(
				`${state}/${name}/${file}`)).digest('hex')));
}

// Says hello as one of demo.env; the certificate must cover the host.
function hello(env, who, as) {
	const socket = new WebSocket(env.HUIYIN_URL, 'huiyin.v1',
		{ ca: readFileSync(env.HUIYIN_CA) });
	socket.on('open', () => socket.send(JSON.stringify({
		jsonrpc: '2.0', id: 'h', method: 'hello', params: {
			protocol: 1, client: 'test', as,
			name: env[`HUIYIN_${who}_NAME`],
			secret: readFileSync(env[`HUIYIN_${who}_SECRET_FILE`],
				'utf8'),
		},
	})));
	return within(15, `hello of ${who}`, new Promise((hear, fail) => {
		socket.on('error', fail);
		socket.on('message', (text) => {
			hear(JSON.parse(text));
			socket.terminate();
		});
	}));
}

const freePort = () => new Promise((have) => {
	const server = createServer().listen(0, '127.0.0.1', () => {
		const { port } = server.address();
		server.close(() => have(port));
	});
});

const isReady = async (env) =>
	(await fetch(`${env.HUIYIN_ADMIN_URL}/ready`)).status === 200;

describe('quickstart', () => {
	let said, env;

	before(async () => {
		mkdirSync(state);
		said = await done('--port', String(await freePort()));
		env = demoEnv();
	});
	after(async () => {
		if (existsSync(state))
			await quickstart('reset', '--yes');
		rmSync(folder, { recursive: true, force: true });
	});

	test('returns when the nodes are ready, its streams closed',
		async () => assert.ok(await isReady(env)));

	test('says that only this machine can connect', () =>
		assert.match(said, /Only this machine can connect/));

	test('the commands it prints are those of README.md', () => {
		const words = (text) => text.split('\n')
			.map((line) => line.trim());
		const known = words(readFileSync(`${root}/README.md`, 'utf8'));
		const [block] = said.match(/^ *as\(\) \{[^]*?(?=\n\n)/m);
		assert.ok(words(block).length > 5);
		for (const line of words(block))
			assert.ok(known.includes(line), line);
	});

	for (const [who, as] of [['CLERK', 'staff'], ['APPROVER', 'staff'],
		['COORDINATOR', 'staff'], ['KIOSK', 'kiosk'],
		['OTHER_KIOSK', 'kiosk']])
		test(`${who} of demo.env is let in`, async () => {
			const { result, error } = await hello(env, who, as);
			assert.ok(result, JSON.stringify(error));
			assert.ok(result.roles.includes(
				as === 'kiosk' ? 'kiosk' : who.toLowerCase()));
			if (env[`HUIYIN_${who}_REGION`])
				assert.equal(result.region,
					env[`HUIYIN_${who}_REGION`]);
		});

	test('the two kiosks stand in villages of different townships', () => {
		const here = env.HUIYIN_KIOSK_REGION;
		const there = env.HUIYIN_OTHER_KIOSK_REGION;
		assert.match(here, /^422802\d{3}(?!000)\d{3}$/);
		assert.notEqual(here.slice(0, 9), there.slice(0, 9));
	});

	test('the demo county has what was promised', () => {
		const rows = (...words) => spawnSync('huiyin-admin',
			[...words, '--json'], { env }).stdout.toString().trim()
			.split('\n').map((line) => JSON.parse(line));
		const staff = rows('staff', 'list');
		const departments = rows('department', 'list')
			.filter((d) => !d.coordinating);
		assert.equal(departments.length, 5);
		for (const d of departments)
			assert.deepEqual(staff.filter((s) => s.department === d.code)
				.map((s) => s.roles[0]).sort(),
			['approver', 'clerk']);
		assert.equal(rows('station', 'list').length, 30);
		assert.equal(rows('kiosk', 'list')
			.filter((k) => k.enrolled_at).length, 30);
		assert.equal(departments.find((d) => d.code === 'commerce').region,
			'422802000000');
	});

	test('nobody but the owner can look into the state', () =>
		assert.equal(statSync(state).mode & 0o077, 0));

	test('run again, it starts nothing and changes no secret', async () => {
		const were = [pids('huiyind'), pids('postgres'), fingerprints()];
		await done();
		assert.deepEqual([pids('huiyind'), pids('postgres'),
			fingerprints()], were);
	});

	for (const [what, word] of [['nothing', ''], ['a node', 'node2.yaml'],
		['the postmaster', 'postgres']])
		test(`after kill -9 of ${what} it takes less than 3 s`, async () => {
			let best = Infinity;
			for (let i = 0; i < 3 && best >= 3; i++) {
				for (const pid of word ? pids(word) : [])
					process.kill(pid, 'SIGKILL');
				best = Math.min(best, await secondsOf(() => done()));
			}
			assert.ok(best < 3, `${best} s`);
			assert.equal(pids('huiyind').length, 2);
			assert.ok(await isReady(env));
		});

	test('status says with its code whether all is up', async () => {
		assert.equal((await quickstart('status')).code, 0);
		process.kill(pids('node1.yaml')[0], 'SIGKILL');
		await until('the node is gone', () => !pids('node1.yaml').length);
		assert.equal((await quickstart('status')).code, 1);
		await done();
	});

	test('a port held by something else is refused', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await new Promise((go) => { server.once('listening', go); });
		const { port } = server.address();
		const { code, said: why } = await quickstart('--port', `${port}`);
		server.close();
		assert.equal(code, 1);
		assert.match(why, new RegExp(`port ${port} is held`));
		assert.ok(await isReady(env));
	});

	for (const [what, port, why] of [
		['that needs root', () => 1, /below \d+ needs root/],
		['that is an admin port of its own', () =>
			new URL(env.HUIYIN_ADMIN_URL).port, /is an admin port/]])
		test(`a port ${what} is refused and forgotten`, async () => {
			const were = readFileSync(`${state}/quickstart.state`, 'utf8');
			const { code, said: told } =
				await quickstart('--port', String(port()));
			assert.equal(code, 1);
			assert.match(told, why);
			assert.equal(readFileSync(`${state}/quickstart.state`,
				'utf8'), were);
		});

	test('--lan holds until --local', async () => {
		assert.match(await done('--lan'), /Every machine/);
		assert.match(await done(), /Every machine/);
		assert.match(await done('--local'), /Only this machine/);
		assert.match(await done(), /Only this machine/);
	});

	test('a node that hangs is started anew in less than 10 s', async () => {
		const [pid] = pids('node1.yaml');
		process.kill(pid, 'SIGSTOP');
		assert.ok(await secondsOf(() => done()) < 10);
		assert.notEqual(pids('node1.yaml')[0], pid);
		assert.ok(await isReady(env));
	});

	test('a node that cannot start does not keep the other from it',
		{ skip: needsRoot }, async () => {
			for (const pid of pids('huiyind'))
				process.kill(pid, 'SIGKILL');
			const file = `${state}/node1.yaml`;
			const { uid, gid } = statSync(file);
			chownSync(file, 0, 0);
			const { code, said: why } = await quickstart();
			chownSync(file, uid, gid);
			assert.equal(code, 1);
			assert.match(why, /^quickstart: node 1 does not run/m);
			assert.match(why, /^quickstart: not every node/m);
			assert.equal(pids('node2.yaml').length, 1);
			await done();
		});

	test('what root wrote in the state is given back to its owner',
		{ skip: needsRoot }, async () => {
			chownSync(`${state}/secret/seal`, 0, 0);
			assert.match(await done(), /given back to .*secret\/seal/);
			assert.equal(statSync(`${state}/secret/seal`).uid,
				statSync(state).uid);
		});

	test('what cannot be written is named', async () => {
		const blocked = `${state}/demo.env.new`;
		rmSync(`${state}/demo.env`);
		mkdirSync(blocked);
		const { code, said: why } = await quickstart();
		rmSync(blocked, { recursive: true });
		assert.equal(code, 1);
		assert.match(why, /^quickstart: .*demo\.env cannot be written$/m);
		await done();
	});

	test('a failure of a program is not the last word', async () => {
		renameSync(`${state}/tls`, `${state}/tls.kept`);
		writeFileSync(`${state}/tls`, '');
		const { code, said: why } = await quickstart();
		rmSync(`${state}/tls`);
		renameSync(`${state}/tls.kept`, `${state}/tls`);
		assert.equal(code, 1);
		assert.match(why, /\nquickstart: it ended in the middle.*\n$/);
	});

	for (const word of ['status', 'start'])
		test(`${word} in somebody else's folder asks for sudo`,
			{ skip: needsRoot }, async () => {
				const { code, said: why } =
					await quickstart(word, { uid: NOBODY });
				assert.equal(code, 1);
				assert.match(why, /^quickstart: .* call it with sudo/);
			});

	test('two at once take turns', async () => {
		const both = await Promise.all([quickstart(), quickstart()]);
		assert.deepEqual(both.map(({ code }) => code), [0, 0]);
		assert.equal(pids('huiyind').length, 2);
	});

	test('a folder that is not its own is refused', async () => {
		const { code, said: why } = await quickstart({ state: folder });
		assert.equal(code, 1);
		assert.match(why, /neither empty nor made by quickstart/);
	});

	test('--once leaves a county alone that is running', async () => {
		const were = pids('huiyind');
		const { code, said: why } = await quickstart('--once');
		assert.equal(code, 1);
		assert.match(why, /is running/);
		assert.deepEqual(pids('huiyind'), were);
		assert.ok(await isReady(env));
	});

	test('--once shows a whole conversation and stops everything',
		async () => {
			await done('stop');
			const shown = await done('--once');
			assert.match(shown, /HY-422802-\d\d-\d{6}/);
			assert.match(shown, /delivered\s+2\/2/);
			assert.match(shown, /breach/);
			assert.match(shown, /reopened/);
			assert.match(shown, /closed_resolved/);
			assert.match(shown, /Summary No\. 1 of \d{4}, issued/);
			assert.match(shown, /signed: +利川市商务局, 利川市交通运输局, 利川市财政局/);
			assert.match(shown, /decided:[^]*verified/);
			assert.deepEqual(processes(), []);
		});

	test('reset asks, and does nothing without a yes', async () => {
		assert.equal((await quickstart('reset', { input: 'no\n' })).code,
			1);
		assert.ok(existsSync(`${state}/pg`));
	});

	test('reset wipes what it made and leaves what was there', async () => {
		await done();
		await done('reset', '--yes');
		assert.deepEqual(processes(), []);
		assert.deepEqual(readdirSync(state), []);
	});

	test('--empty seeds one administrator and nothing else',
		{ skip: long ? undefined : 'with --long: it compiles again' },
		async () => {
			await done('--empty', '--port', String(await freePort()));
			const only = demoEnv();
			const { result } = await hello(only, 'ADMINISTRATOR',
				'staff');
			assert.deepEqual(result.roles, ['admin']);
			assert.equal(only.HUIYIN_CLERK_NAME, undefined);
			const { stdout } = spawnSync('huiyin-admin',
				['department', 'list', '--json'], { env: only });
			assert.equal(stdout.toString(), '');
		});
});
