// SPDX-License-Identifier: Apache-2.0
// What huiyin-admin refuses, and whether it says what would be allowed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from
	'node:fs';
import { describe, test } from 'node:test';
import { build, root } from './lib/place.js';
import { county } from './lib/world.js';

// As people run it, without --json; {code, out, err}, never throws.
const people = (world, args, { lang = 'C.UTF-8', input = '' } = {}) =>
	new Promise((done) => {
		const child = execFile(`${build}/bin/huiyin-admin`, args, {
			env: { PATH: process.env.PATH, LANG: lang,
				HUIYIN_DB: world.pg.conninfo('postgres'),
				HUIYIN_INSTALLATION_SECRET_FILE:
					`${world.golden}/installation` } },
		(error, out, err) => done({ code: error ? error.code : 0, out, err }));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});

describe('huiyin-admin', () => {
	const its = county({ nodes: 0 });
	const run = (...args) => people(its.world, args);
	const load = (text, ...more) => people(its.world, ['region', 'import', '-',
		'--county', its.world.county.slice(0, 6), ...more], { input: text });
	const inForce = () => its.world.pg.value(
		'select count(*) from huiyin.region where valid_to is null');

	test('does not disable the office that coordinates, and says how to ' +
		'replace it', async () => {
		const { world } = its;
		const no = await run('department', 'disable', 'office');
		assert.equal(no.code, 4);
		assert.match(no.err, /department set CODE --coordinating/);
		const zh = await people(world, ['department', 'disable', 'office'],
			{ lang: 'zh_CN.UTF-8' });
		assert.match(zh.err, /该部门负责统筹/);
		assert.equal((await run('department', 'set', 'commerce',
			'--coordinating')).code, 0);
		assert.equal((await run('department', 'disable', 'office')).code, 0);
	});

	test('enables what it disabled, one by one what is below it', async () => {
		const { world } = its;
		const [kiosk] = Object.keys(world.kiosks);
		const station = (await world.admin('kiosk', 'list')).find((k) =>
			k.name === kiosk).station;
		const clerk = 'transport-clerk';
		await run('department', 'disable', 'transport');
		assert.match((await run('staff', 'enable', clerk)).err,
			/department enable comes first/);
		assert.match((await run('department', 'enable', 'transport')).out,
			new RegExp(`^still_disabled: ${clerk}$`, 'm'));
		assert.equal((await run('staff', 'enable', clerk)).code, 0);
		await run('station', 'disable', station);
		assert.match((await run('kiosk', 'enable', kiosk)).err,
			/station enable comes first/);
		assert.match((await run('station', 'enable', station)).out,
			new RegExp(`^still_disabled: ${kiosk}$`, 'm'));
		assert.equal((await run('kiosk', 'enable', kiosk)).code, 0);
	});

	test('retires nothing by a list of regions that it does not take whole',
		async () => {
			const before = await inForce();
			const bad = await load(`code,name,level\n${its.world.county},` +
				`x,village\n`);
			assert.equal(bad.code, 1);
			assert.match(bad.out, /^0 imported, .*, 0 retired/);
			assert.match(bad.err, /1 rows were not taken; so nothing was retired/);
			assert.equal(await inForce(), before);
		});

	test('says which regions are valid again', async () => {
		const list = readFileSync(`${root}/sql/data/regions-422802.csv`, 'utf8');
		const lines = list.trim().split('\n');
		const whole = await inForce();
		assert.match((await load(lines.slice(0, -2).join('\n'))).out,
			/, 2 retired/);
		assert.match((await load(list)).out, /, 2 valid again, 0 retired/);
		assert.equal(await inForce(), whole);
	});

	for (const day of ['2026-13-01', '2026-02-30', '2026-1-001'])
		test(`takes no ${day} for a day`, async () => {
			const { code, err } = await load('code,name,level\n',
				'--valid-from', day);
			assert.equal(code, 2);
			assert.match(err, /--valid-from: .* a day as 2026-01-31 is/);
		});

	test('says what a clerk without a department lacks, and a superior in a ' +
		'circle', async () => {
		const { code, err } = await run('staff', 'add', 't1', '--roles', 'clerk',
			'--no-password');
		assert.equal(code, 4);
		assert.match(err, /say which by --department CODE/);
		assert.match((await run('staff', 'superior', 'commerce-clerk',
			'commerce-clerk')).err, /circle/);
		assert.match((await run('department', 'set', 'commerce', '--superior',
			'commerce')).err, /circle/);
	});

	test('shows no seed to who is refused one', async () => {
		const { code, out, err } = await run('staff', 'totp', 'nobody');
		assert.equal(code, 5);
		assert.doesNotMatch(out + err, /otpauth|secret=|seed/);
		assert.match((await run('staff', 'totp', 'commerce-clerk')).err,
			/otpauth/);
	});

	for (const name of ['a\nb', 'a\x1b[31m', 'a\x7f', 'a\u009b'])
		test(`takes no name like ${JSON.stringify(name)}`, async () => {
			const { code, err } = await run('station', 'add', '--region',
				its.world.townships[its.world.here][0], '--name', name);
			assert.equal(code, 2);
			assert.match(err, /without control characters/);
			assert.doesNotMatch(err.trimEnd(), /\p{Cc}/u);
		});

	test('lists names with control characters in one line, to be read and ' +
		'not obeyed', async () => {
		const { world } = its;
		await world.pg.rows("update huiyin.department set " +
			"name = E'a\\nb\\u001b[31m\\u009b\u7701' where code = 'transport'");
		const { out } = await run('department', 'list');
		assert.match(out, /^transport +a\\nb\\u001b\[31m\\u009b\u7701 /m);
		assert.doesNotMatch(out.replaceAll('\n', ''), /\p{Cc}/u);
	});
});

describe('huiyin-admin seal new', () => {
	const its = county({ nodes: 0 });

	test('leaves the file whose it was and to whom it was readable',
		async () => {
			const file = `${its.world.folder}/seal`;
			writeFileSync(file, '');
			chmodSync(file, 0o640);
			if (process.getuid() === 0)
				chownSync(file, 65534, 65534);
			const was = statSync(file);
			const { code, err } = await people(its.world, ['seal', 'new', file]);
			assert.equal(code, 0, err);
			const is = statSync(file);
			assert.notEqual(is.size, 0);
			assert.deepEqual([is.uid, is.gid, is.mode],
				[was.uid, was.gid, was.mode]);
		});

	test('makes a new file for its maker alone', async () => {
		const file = `${its.world.folder}/fresh`;
		await people(its.world, ['seal', 'new', file]);
		assert.equal(statSync(file).mode & 0o777, 0o600);
	});
});
