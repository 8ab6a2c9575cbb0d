// SPDX-License-Identifier: Apache-2.0
// report.rates over the wire and on the command line.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, feedback } from './lib/world.js';

// A day of the county, so many days ago.
const day = (ago) => new Date(Date.now() + (8 - 24 * ago) * 3600e3)
	.toISOString().slice(0, 10);

describe('the rates of what was due', () => {
	const its = county();
	const asked = { by: 'department', from: day(60) };
	let coordinator, village;

	// Of 7 questions 4 are answered, 2 are not, 1 is withdrawn; 30 days ago.
	before(async () => {
		const { world } = its;
		[village] = world.townships[world.here];
		await world.admin('route', 'set', 'question', world.county,
			'--department', 'commerce');
		const kiosk = await world.kiosk(`${village}-1`);
		const clerk = await world.staff('commerce-clerk');
		const all = await Promise.all(Array.from({ length: 7 }, () =>
			kiosk.act('feedback.submit', feedback(village))));
		for (const { receipt } of all.slice(0, 4))
			await clerk.act('feedback.answer', { receipt, text: '明天',
				outcome: 'resolved' });
		await kiosk.act('feedback.withdraw', { receipt: all[6].receipt,
			key: all[6].key });
		await world.pg.rows(`
			update huiyin.feedback set filed_at = filed_at - interval '30 days',
				answer_by = answer_by - interval '30 days',
				sign_by = sign_by - interval '30 days',
				contact_by = contact_by - interval '30 days',
				contacted_at = contacted_at - interval '30 days',
				answered_at = answered_at - interval '30 days',
				closed_at = closed_at - interval '30 days';
			update huiyin.feedback_history set at = at - interval '30 days';
			update huiyin.feedback_clock set at = at - interval '30 days',
				old_by = old_by - interval '30 days',
				new_by = new_by - interval '30 days';
			delete from huiyin.report_due;
			delete from huiyin.report_day;
			update huiyin.report_head set xid = '0'`);
		coordinator = await world.staff('coordinator');
	});

	const figures = async (peer, more = {}) => new Map((await peer.act(
		'report.rates', { ...asked, ...more })).items.map((i) =>
		[`${i.code} ${i.rate}`, i]));

	test('count what was never answered, and say what is left out',
		async () => {
			const all = await figures(coordinator);
			assert.deepEqual(all.get('commerce on_time'), {
				code: 'commerce', name: 'commerce office', rate: 'on_time',
				n: 4, of: 6, percent: '66.7', low: '30.0', few: false,
				excluded: 1, why: 'withdrawn 1', rank: null, gap: null,
				age_p50: null, age_p90: null });
			const { n, of, few, percent } = all.get('commerce unreached');
			assert.deepEqual([n, of, few, percent], [null, null, true, null]);
		});

	test('are by township and by service too', async () => {
		const by = async (what, code) => {
			const { n, of } = (await figures(coordinator, { by: what }))
				.get(code);
			return `${n}/${of}`;
		};
		assert.equal(await by('service', 'question on_time'), '4/6');
		assert.equal(await by('region', `${its.world.here} on_time`), '4/6');
		assert.match(await by('region', `${its.world.here} voice`), /^1\/\d+$/);
	});

	test('are the same once the tick has gathered them', async () => {
		const { world } = its;
		const before = await figures(coordinator);
		await world.admin('db', 'tick');
		assert.equal(await world.pg.value('select count(*) from ' +
			'huiyin.report_due'), '21');
		assert.deepEqual(await figures(coordinator), before);
	});

	test('show an approver the own department only', async () => {
		const { world } = its;
		const codes = async (login) => [...new Set([...(await figures(
			await world.staff(login))).values()].map((i) => i.code))];
		assert.deepEqual(await codes('commerce-approver'), ['commerce']);
		assert.deepEqual(await codes('transport-approver'), []);
		assert.deepEqual(await codes('auditor'), ['commerce']);
	});

	test('of a day that is none or a time too long are refused', async () => {
		for (const [more, tag, path] of [
			[{ from: '2026-02-30' }, 'bad_value', 'from'],
			[{ to: day(61) }, 'out_of_bounds', 'to'],
			[{ from: day(500) }, 'out_of_bounds', 'to'],
		]) {
			const refusal = await coordinator.refused('report.rates',
				{ ...asked, ...more });
			assert.deepEqual([refusal.tag, refusal.path], [tag, path]);
		}
	});

	test('are a table, lines of JSON or CSV on the command line', async () => {
		const { world } = its;
		const run = async (...how) => {
			const { code, out, err } = await world.cli('coordinator', 'report',
				'rates', '--by', 'department', '--from', day(60), '--to',
				day(0), ...how);
			assert.equal(code, 0, err);
			return out;
		};
		assert.match(await run(), /^commerce +commerce office +on_time +4 +6 /m);
		const lines = (await run('--json')).trim().split('\n')
			.map((line) => JSON.parse(line));
		assert.equal(lines.find((i) => i.rate === 'on_time').low, '30.0');
		const csv = (await run('--csv')).split('\r\n');
		assert.equal(csv[0], 'code,name,rate,n,of,percent,low,few,excluded,' +
			'why,rank,gap,age_p50,age_p90');
		assert.ok(csv.includes('commerce,commerce office,on_time,4,6,66.7,30.0,' +
			'false,1,withdrawn 1,,,,'));
		assert.ok(csv.includes('commerce,commerce office,unreached,,,,,' +
			'true,,,,,,'));
		assert.equal(csv.at(-1), '');
	});
});
