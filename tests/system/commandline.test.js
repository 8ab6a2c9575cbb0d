// SPDX-License-Identifier: Apache-2.0
// The program huiyin where something about it is wrong: its input, its output,
// its store, its words. Never may it say that all is well.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, mkdirSync, writeFileSync } from
	'node:fs';
import { before, describe, test } from 'node:test';
import { build, root } from './lib/place.js';
import { county } from './lib/world.js';

const nowhere = 'wss://127.0.0.1:1/ws';

describe('the command line', () => {
	const its = county();
	let world, environment;

	// {code, out, err}; input: of standard input; full: output cannot be
	// written.
	function huiyin(args, { input = '', full = false, more = {} } = {}) {
		const to = full ? openSync('/dev/full', 'w') : 'pipe';
		const child = spawn(`${build}/bin/huiyin`, args, {
			stdio: ['pipe', to, 'pipe'], env: { ...environment, ...more } });
		const done = { out: '', err: '' };

		if (full)
			closeSync(to);
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		child.stdout?.on('data', (text) => { done.out += text; });
		child.stderr.on('data', (text) => { done.err += text; });
		return new Promise((ended) => {
			child.on('close', (code) => ended({ ...done, code }));
		});
	}

	const submit = (text, ...more) => ['feedback', 'submit', '--service',
		'question', '--region', world.here, '--text', text, ...more];
	const store = (name) => ['--store', `${world.folder}/${name}`];
	const said = async () => Number((await world.pg.rows(
		'select count(*) from huiyin.feedback'))[0][0]);

	before(() => {
		world = its.world;
		const name = `${world.townships[world.here][0]}-1`;
		writeFileSync(`${world.folder}/secret`, world.secrets[name]);
		environment = { PATH: process.env.PATH, LANG: 'C.UTF-8',
			LSAN_OPTIONS: `suppressions=${root}/tests/lib/lsan.supp`,
			HUIYIN_URL: world.nodes[0].url,
			HUIYIN_CA: `${world.golden}/tls/ca.pem`, HUIYIN_AS: 'kiosk',
			HUIYIN_NAME: name, HUIYIN_SECRET_FILE: `${world.folder}/secret` };
	});

	for (const [what, input, why] of [
		['too long', 'x'.repeat(70_000), /--text.*too long/],
		['far too long', 'x'.repeat(500_000), /--text.*too long/],
		['no text', 'abc\0def', /--text.*byte 0/],
		['not UTF-8', Buffer.from([0x61, 0xff]), /--text.*UTF-8/]])
		test(`refuses an input that is ${what}, and says nothing of it`,
			async () => {
				const before = await said();
				const { code, err } = await huiyin(submit('-'), { input });
				assert.equal(code, 2, err);
				assert.match(err, why);
				assert.equal(await said(), before);
			});

	test('says what standard input has', async () => {
		const { code, out, err } = await huiyin(submit('-', '--json'),
			{ input: '从标准输入\n' });
		assert.equal(code, 0, err);
		const { receipt } = JSON.parse(out);
		assert.deepEqual(await world.pg.rows('select said from huiyin.feedback'
			+ ` where receipt = '${receipt}'`), [['从标准输入']]);
	});

	test('keeps a receipt that it could not print', async () => {
		const first = await huiyin(submit('a', ...store('full')),
			{ full: true });
		assert.equal(first.code, 1);
		assert.match(first.err, /output cannot be written/);
		const begun = performance.now();
		const second = await huiyin(['outbox', ...store('full'), '--timeout',
			'60'], { full: true });
		assert.equal(second.code, 1);
		assert.match(second.err, /output cannot be written/);
		assert.ok(performance.now() - begun < 50_000);
		const third = await huiyin(['outbox', ...store('full')]);
		assert.equal(third.code, 0, third.err);
		assert.match(third.out, /receipt: *HY-[\s\S]*key: *\d{16}/);
		const last = await huiyin(['outbox', ...store('full')]);
		assert.equal(last.out, '');
		assert.equal(last.code, 0);
	});

	for (const args of [['traffic'], ['outbox'], ['listen', '--kept']])
		test(`${args[0]} makes no store where there is none`, async () => {
			const folder = `${world.folder}/none-${args[0]}`;
			mkdirSync(folder);
			for (const name of [folder, `${folder}/deeper`]) {
				const { code, err } = await huiyin([...args, '--store', name]);
				assert.equal(code, 2);
				assert.match(err, /is no store/);
				assert.ok(!existsSync(`${name}/outbox.db`));
			}
		});

	test('tells how many notices have come when time is up', async () => {
		const { code, err } = await huiyin(['listen', '--count', '999',
			'--timeout', '2']);
		assert.equal(code, 1);
		assert.match(err, /of 999 notices came/);
	});

	for (const args of [['--help'], ['--version'], ['--usage'], ['feedback',
		'--help'], ['manual'], ['completion', 'bash']])
		test(`${args.join(' ')} fails when it cannot be written`, async () => {
			const { code, out } = await huiyin(args);
			assert.equal(code, 0);
			assert.ok(out.length > 10);
			assert.equal((await huiyin(args, { full: true })).code, 1);
		});

	for (const [line, words] of [
		['feedback contact --how vi', 'visit'],
		['feedback submit --service da', 'danger'],
		['feedback list --state closed_dup', 'closed_duplicate'],
		['feedback submit --filed-by-n', '--filed-by-name']])
		test(`bash completes huiyin ${line}`, async () => {
			const { out } = await huiyin(['completion', 'bash']);

			assert.equal(execFileSync('bash', ['-c', `${out}
				COMP_WORDS=(huiyin ${line})
				COMP_CWORD=$(("\${#COMP_WORDS[@]}" - 1))
				_huiyin && echo "\${COMPREPLY[*]}"`], { encoding: 'utf8' }),
			`${words}\n`);
		});

	for (const [args, why] of [[['completion', 'zsh'], /for bash/],
		[['completion'], /for bash/], [['manual', 'x'], /no word more/]])
		test(`${args.join(' ')} is wrong usage, told as such`, async () => {
			const { code, err } = await huiyin(args, { more: {
				HUIYIN_URL: nowhere } });
			assert.equal(code, 2);
			assert.match(err, why);
		});

	for (const [command, has, never] of [
		['meeting set', [/--entries=TEXT, --entry=TEXT/,
			/Such as 2026-12-01T09:00:00\+08:00\./, /From 1 to 1000000\./,
			/At most 4000 characters\./],
		/--assisting=[^-]*A must|--entrie=/],
		['meeting convene', [/--department=[^-]*A must/],
			/--sitting-in=[^-]*A must/]])
		test(`huiyin ${command} --help says what a value may be`, async () => {
			const { code, out } = await huiyin([...command.split(' '),
				'--help']);
			const text = out.replace(/\s+/g, ' ');
			assert.equal(code, 0);
			for (const one of has)
				assert.match(text, one);
			assert.doesNotMatch(text, never);
		});

	test('does not say that a server without its database is not there',
		async () => {
			await world.pg.rest();
			for (const args of [['feedback', 'get', 'HY-x'], ['listen']]) {
				const { code, err } = await huiyin([...args, '--timeout',
					'6']);
				assert.equal(code, 3, err);
				assert.match(err, /unavailable: /);
				assert.match(err, /server is there, but not ready/);
				assert.doesNotMatch(err, /server cannot be reached/);
			}
		});
});
