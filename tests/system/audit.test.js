// SPDX-License-Identifier: Apache-2.0
// The chain of what was done, and its witnesses outside the database (I27); what
// is kept by month and how long.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { until } from './lib/wait.js';
import { admin, county, feedback, notice } from './lib/world.js';

// What a superuser can do who knows how the chain is made: all anew from row k.
const forge = (k) => `do $$
declare
	entry huiyin.audit;
	last bytea;
begin
	update huiyin.audit set subject = 'forged' where seq = ${k};
	for entry in select * from huiyin.audit where seq >= ${k} order by seq loop
		entry.prev := coalesce(last, entry.prev);
		last := huiyin.audit_hash(entry);
		update huiyin.audit a set prev = entry.prev, hash = last
		where a.seq = entry.seq;
	end loop;
	update huiyin.audit_head set hash = last;
end $$`;

describe('the audit chain', () => {
	const its = county();
	let world, kiosk, clerk, village, file;

	const verify = async (...more) => {
		const { code, out, err } = await admin(world.pg.conninfo('postgres'),
			`${world.golden}/installation`, ['audit', 'verify', ...more]);
		return { code, err, ...(out ? JSON.parse(out) : {}) };
	};
	const head = async () => (await world.admin('audit', 'head', file))[0];
	// A change that is undone when the test is over.
	const spoiled = async (sql, look) => {
		await world.pg.rows('create table public.kept as table huiyin.audit; ' +
			'create table public.kept_head as table huiyin.audit_head');
		await world.pg.rows(sql);
		try {
			await look();
		} finally {
			await world.pg.rows('delete from huiyin.audit; insert into ' +
				'huiyin.audit table public.kept; delete from ' +
				'huiyin.audit_head; insert into huiyin.audit_head table ' +
				'public.kept_head; drop table public.kept, public.kept_head');
		}
	};

	before(async () => {
		world = its.world;
		file = `${world.folder}/witness`;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		clerk = await world.staff('commerce-clerk');
		await clerk.act('notice.publish', notice([village]));
		await kiosk.act('feedback.submit', feedback(village));
	});

	test('holds, and is what its witness saw, after more was done too',
		async () => {
			await head();
			await clerk.act('notice.publish', notice([village]));
			await head();
			const { code, ok, witnesses } = await verify('--witness', file);
			assert.equal(code, 0);
			assert.equal(ok, true);
			assert.equal(witnesses, 2);
		});

	test('names the row that a superuser has changed', async () => {
		await spoiled("update huiyin.audit set act = 'x' where seq = 7",
			async () => {
				const { code, ok, broken } = await verify();
				assert.equal(code, 1);
				assert.equal(ok, false);
				assert.deepEqual(broken, [{ seq: 7, why: 'was changed' }]);
			});
	});

	test('made anew as a whole is found by its witness only', async () => {
		const { seq } = await head();
		await spoiled(forge(7), async () => {
			assert.equal((await verify()).code, 0);
			const { code, broken } = await verify('--witness', file);
			assert.equal(code, 1);
			assert.ok(broken.some((b) => b.seq === seq &&
				b.why === 'is not what a witness saw'));
		});
	});

	test('whose tail was cut, the head set back, is found by its witness ' +
		'only', async () => {
		const { seq } = await head();
		await spoiled(`delete from huiyin.audit where seq > ${seq - 2}; ` +
			'update huiyin.audit_head h set (seq, hash) = (select seq, hash ' +
			'from huiyin.audit order by seq desc limit 1)', async () => {
			assert.equal((await verify()).code, 0);
			const { code, broken } = await verify('--witness', file);
			assert.equal(code, 1);
			assert.deepEqual(broken.at(-1), { seq,
				why: 'is missing, but a witness saw it' });
		});
	});

	test('is told to kiosks, each of which can be its witness', async () => {
		const peer = await world.kiosk(`${village}-1`);
		const { audit_head: seen } = peer.greeting;
		assert.match(seen, /^\d+ [0-9a-f]{64}$/);
		assert.equal(clerk.greeting.audit_head, undefined);
		assert.equal((await world.visitor()).greeting.audit_head, undefined);
		assert.equal((await verify('--head', seen)).code, 0);
		await spoiled(forge(7), async () => {
			assert.equal((await verify('--head', seen)).code, 1);
		});
		assert.equal((await verify('--head', 'x')).code, 1);
	});

	test('believes no witness that was changed, is empty or is not there',
		async () => {
			const other = `${world.folder}/changed`;
			const line = readFileSync(file, 'utf8').split('\n')[0];
			for (const text of [line.replace('"seq":', '"seq":1'), 'x',
				line.replace(/"mac":"./, '"mac":"z'), '{}', '']) {
				writeFileSync(other, text);
				const { code, ok } = await verify('--witness', other);
				assert.equal(code, 1, text);
				assert.equal(ok, undefined);
			}
			writeFileSync(other, `${line}\n`);
			assert.equal((await verify('--witness', other)).code, 0);
			appendFileSync(other, 'nonsense\n');
			assert.equal((await verify('--witness', other)).code, 1);
			assert.equal((await verify('--witness', '/nowhere')).code, 1);
		});
});

describe('what is kept by month', () => {
	const its = county();

	test('is listed with what is missing ahead, and nodes make it again',
		async () => {
			const { world } = its;
			const list = () => world.admin('db', 'partitions');
			const ahead = (await list()).filter((p) => p.state === 'ahead');
			assert.ok(ahead.length >= 9, 'three months of three tables');
			const [gone] = ahead.filter((p) => p.table === 'notice_receipt');
			await world.nodes[0].stop();
			await world.pg.rows(`drop table huiyin.${gone.partition}`);
			const missing = (await list()).filter((p) =>
				p.state === 'missing');
			assert.deepEqual(missing.map((p) => p.partition),
				[gone.partition]);
			await world.nodes[0].start();
			await until('the node has made it', async () =>
				(await list()).every((p) => p.state !== 'missing'),
			{ seconds: 15 });
		});

	test('says who it was no longer than it must, by the node itself',
		async () => {
			const { world } = its;
			const [village] = world.townships[world.here];
			const kiosk = await world.kiosk(`${village}-1`);
			await world.admin('retention', 'set', 'contact', '20');
			const { receipt } = await kiosk.act('feedback.submit', feedback(
				village, { submitter: { kind: 'farmer', name: 'Li' } }));
			const keys = () => world.pg.value('select count(*) from ' +
				'huiyin.person_key k join huiyin.feedback f on f.id = ' +
				`k.feedback where f.receipt = '${receipt}'`);
			assert.equal(await keys(), '1');
			await world.pg.rows('with f as (update huiyin.feedback set state = ' +
				`'closed_explained', steps = 3 where receipt = '${receipt}' ` +
				'returning id, filed_at) insert into huiyin.feedback_history ' +
				"(feedback, step, at, state) select id, 3, filed_at + interval " +
				"'1 minute', 'closed_explained' from f");
			await world.pg.rows("update huiyin.person_key set filed_at = " +
				"filed_at - interval '21 days', look_at = look_at - interval " +
				"'21 days'; update huiyin.feedback set filed_at = filed_at - " +
				"interval '21 days'; update huiyin.feedback_history set at = at " +
				"- interval '21 days'");
			await until('the node has let it go', async () =>
				await keys() === '0', { seconds: 15 });
			const [{ ok }] = await world.admin('audit', 'verify');
			assert.equal(ok, true);
		});
});
