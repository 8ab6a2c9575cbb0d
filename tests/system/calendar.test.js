// SPDX-License-Identifier: Apache-2.0
// The county's calendar as an operator loads and reads it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admin, county } from './lib/world.js';

describe('huiyin-admin calendar', () => {
	const its = county({ nodes: 0 });

	const run = (args, input) => admin(its.world.pg.conninfo('postgres'),
		'/nowhere', args, input);
	const load = (text) => run(['calendar', 'import', '-'], text);
	const list = async (...args) => (await run(['calendar', 'list', ...args]))
		.out.trim().split('\n').map((line) => JSON.parse(line));

	test('has China\'s days of 2026', async () => {
		const days = await list('--year', '2026');
		assert.equal(days.filter((d) => d.kind === 'holiday').length, 33);
		assert.deepEqual(days.filter((d) => d.kind === 'workday')
			.map((d) => `${d.weekday} ${d.date.slice(5)}`), ['Sun 01-04',
			'Sat 02-14', 'Sat 02-28', 'Sat 05-09', 'Sun 09-20', 'Sat 10-10']);
	});

	test('takes good rows and names the lines of bad ones', async () => {
		const { code, out, err } = await load('\ufeffdate,kind,name\r\n' +
			'2027-10-01,holiday,国庆节\r\n' +
			'2027-02-30,holiday,春节\r\n' +
			'2027-10-02,feast,国庆节\r\n' +
			'2027-10-01,workday,国庆节\r\n' +
			'2027-05-01,hours,"08:00-12:00 15:00-18:00"\r\n');
		assert.equal(code, 1);
		assert.deepEqual(err.trim().split('\n'), [
			'-:3: 2027-02-30 holiday 春节 date is not a day of 2020 to 2069, ' +
				'as 2026-01-31',
			'-:4: 2027-10-02 feast 国庆节 kind is not holiday, workday or hours',
			'-:5: 2027-10-01 workday 国庆节 date was on an earlier line',
			'huiyin-admin: 3 rows were not taken']);
		assert.equal(JSON.parse(out).imported, 2);
		assert.deepEqual(await list('--year', '2027'), [
			{ date: '2020-01-01', kind: 'hours',
				name: '08:30-12:00 14:30-17:30', weekday: 'Wed' },
			{ date: '2027-05-01', kind: 'hours',
				name: '08:00-12:00 15:00-18:00', weekday: 'Sat' },
			{ date: '2027-10-01', kind: 'holiday', name: '国庆节',
				weekday: 'Fri' }]);
		assert.equal(await its.world.pg.value(`select huiyin.deadline(
			'2027-09-30 18:00+08', 120, 'working_minutes')
			= '2027-10-04 10:00+08'`), 't');
	});

	for (const [what, text, why] of [
		['no header', '2027-10-01,holiday,国庆节\n',
			/:1: the header is not: date,kind,name/],
		['nothing in it', '', /:1: the file is empty/],
		['a cell missing', 'date,kind,name\n2027-10-01,holiday\n',
			/:2: a cell is missing of: date,kind,name/],
		['an open quote', 'date,kind,name\n2027-10-01,holiday,"x\n',
			/:2: a quote is not closed/],
		['a NUL byte', 'date,kind,name\n2027-10-01,holiday,\0\n',
			/:2: a NUL byte is not text/],
	])
		test(`takes nothing of a file with ${what}`, async () => {
			const before = await list();
			const { code, out, err } = await load(text);
			assert.deepEqual([code, out], [1, '']);
			assert.match(err, why);
			assert.deepEqual(await list(), before);
		});

	test('refuses a year that is none', async () => {
		const { code, err } = await run(['calendar', 'list', '--year', '26']);
		assert.equal(code, 2);
		assert.match(err, /--year: "26" is not allowed; a year as 2026 is/);
	});

	test('that ends soon is a warning of db check, not a fault', async () => {
		const { world } = its;
		const check = async () => {
			const { code, out } = await run(['db', 'check']);
			return { code, ...JSON.parse(out) };
		};
		await world.pg.rows('delete from huiyin.calendar_day ' +
			"where day > '2020-12-31'");
		await load('date,kind,name\n2020-10-01,holiday,国庆节\n');
		assert.deepEqual(await check(), { code: 0, ok: true, faults: [],
			warnings: ['warning: the calendar names no days beyond ' +
				'2020-12-31: holidays after that count as working days'] });
		const next = new Date().getUTCFullYear() + 1;
		await load(`date,kind,name\n${next}-10-01,holiday,国庆节\n`);
		assert.deepEqual(await check(), { code: 0, ok: true, faults: [],
			warnings: [] });
		await world.pg.rows('delete from huiyin.working_span where day = 7');
		const { code, ok, faults } = await check();
		assert.deepEqual([code, ok, faults.length], [1, false, 1]);
		assert.match(faults[0], /^calendar: what is laid out is not what/);
	});
});
