// SPDX-License-Identifier: Apache-2.0
// Whose voice a feedback is: sealed on its way into the database, opened for
// the department that has it, and for an auditor only when it is anonymous.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { newRef } from './lib/ref.js';
import { build } from './lib/place.js';
import { admin, county, feedback } from './lib/world.js';

const person = (name, phone) => ({ kind: 'farmer', name, phone });
const filer = { name: 'CANARYfiler', relation: 'CANARYrelation' };

// All rows of all tables, as text.
async function everything(pg) {
	const tables = await pg.rows('select tablename from pg_tables where ' +
		"schemaname = 'huiyin'");
	const texts = await Promise.all(tables.map(([table]) => pg.value(
		`select string_agg(t::text, ' ') from huiyin.${table} t`)));
	return texts.join('\n');
}

const hex = (text) => Buffer.from(text, 'utf8').toString('hex');

describe('whose voice a feedback is', () => {
	const its = county({ nodes: 0 });
	let world, kiosk, office, village, keyFile;

	before(async () => {
		world = its.world;
		keyFile = `${world.folder}/auditor.key`;
		const [{ public_key: key }] = await world.admin('auditor', 'key',
			keyFile);
		await world.addNode({ auditor_key: key });
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		office = await world.staff('office-clerk');
	});

	const submit = (more, ref) => kiosk.act('feedback.submit',
		feedback(village, more), ref);

	test('lies in no table in clear, named or anonymous', async () => {
		for (const anonymous of [true, false])
			await submit({ anonymous, filed_by: filer,
				submitter: person('CANARYname', '13612345678') });
		const all = await everything(world.pg);
		for (const word of ['CANARYname', '13612345678', 'CANARYfiler',
			'CANARYrelation'])
			assert.ok(!all.includes(word) && !all.includes(hex(word)), word);
		assert.ok(all.includes('补贴什么时候发'), 'what was said is there');
	});

	test('is opened for the department that has it', async () => {
		const { receipt } = await submit({ filed_by: filer,
			submitter: person('张三', '13800000001') });
		const seen = await office.act('feedback.get', { receipt });
		assert.deepEqual(seen.submitter, person('张三', '13800000001'));
		assert.deepEqual(seen.filed_by, filer);
		assert.equal(seen.person, undefined);
	});

	test('leaves a row of who read it, one a day', async () => {
		const { receipt, key } = await submit({ filed_by: filer,
			submitter: person('李四', '13800000002') });
		const reads = () => world.pg.rows('select a.act, p.name from ' +
			'huiyin.audit a join huiyin.principal p on p.id = a.principal ' +
			`where a.subject = '${receipt}' order by a.seq`);
		for (const more of [{ key }, {}])
			await kiosk.act('feedback.get', { receipt, ...more });
		assert.deepEqual(await reads(), []);
		for (const name of ['office-clerk', 'office-clerk', 'auditor'])
			await (await world.staff(name)).act('feedback.get', { receipt });
		assert.deepEqual(await reads(), ['office-clerk', 'auditor'].map(
			(name) => ['person.read', name]));
	});

	test('is not opened for who holds the key', async () => {
		const { receipt, key } = await submit({
			submitter: person('CANARYname', '13800000001') });
		const seen = await (await world.visitor()).act('feedback.get',
			{ receipt, key });
		assert.doesNotMatch(JSON.stringify(seen), /CANARY|1380|sealed|salt/);
	});

	test('when anonymous, is a pseudonym that is the same for the same ' +
		'person, however the number is written', async () => {
		const seen = async (name, phone) => {
			const { receipt } = await submit({ anonymous: true,
				submitter: person(name, phone) });
			const got = await office.act('feedback.get', { receipt });
			assert.equal(got.submitter, undefined);
			assert.match(got.pseudonym, /^匿名-[0-9A-F]{6}$/);
			return got.pseudonym;
		};
		const one = await seen('李四', '13800000002');
		assert.equal(await seen('小李', '+86 138-0000-0002'), one);
		assert.equal(await seen('小李', '１３８００００000２'), one);
		assert.notEqual(await seen('李四', '13800000003'), one);
	});

	test('when anonymous and nothing was said of who it is, is nothing',
		async () => {
			const { receipt } = await submit({ anonymous: true });
			const seen = await office.act('feedback.get', { receipt });
			assert.equal(seen.pseudonym, undefined);
		});

	test('has a pseudonym that nobody can make from the database', async () => {
		const phone = '13800000004';
		await submit({ anonymous: true, submitter: person('x', phone) });
		const marks = (await world.pg.rows('select encode(pseudonym, ' +
			"'hex') from huiyin.feedback_person where pseudonym is not " +
			'null')).flat();
		for (const text of [phone, `phone ${phone}`])
			for (const how of ['sha256', 'sha1', 'md5'])
				assert.ok(!marks.includes(createHash(how).update(text)
					.digest('hex').slice(0, 32)), how);
	});

	test('does not tie what is said anonymously to what is not', async () => {
		for (const anonymous of [true, false])
			await submit({ anonymous, submitter: person('y', '13800000005') });
		assert.equal(await world.pg.value('select count(*) from ' +
			'huiyin.feedback_person a join huiyin.feedback_person b on ' +
			'a.pseudonym = b.contact'), '0');
	});

	test('changes nothing of a repeat: the same answer, and one feedback',
		async () => {
			const ref = newRef();
			const said = { anonymous: true, filed_by: filer,
				submitter: person('王五', '13800000006') };
			const one = await submit(said, ref);
			assert.deepEqual(await submit(said, ref), one);
			await assert.rejects(submit({ ...said,
				submitter: person('王五', '13800000007') }, ref),
			{ tag: 'conflict' });
			assert.equal(await world.pg.value('select count(*) from ' +
				`huiyin.feedback where ref = '${ref}'`), '1');
		});

	test('cannot be tried out by the hash of what was said', async () => {
		const ref = newRef();
		const said = feedback(village, { submitter: person('a', '1234') });
		await kiosk.act('feedback.submit', said, ref);
		const sorted = (v) => v && typeof v === 'object' ?
			Object.fromEntries(Object.keys(v).sort().map((k) =>
				[k, sorted(v[k])])) : v;
		const plain = createHash('sha256').update(JSON.stringify(
			sorted(said))).digest('hex');
		const kept = await world.pg.value("select encode(hash, 'hex') from " +
			`huiyin.act where ref = '${ref}'`);
		assert.equal(kept.length, 64);
		assert.notEqual(kept, plain);
	});

	test('fills as much room when it is short as when it is longer',
		async () => {
			const length = async (name) => {
				const { receipt } = await submit({ anonymous: true,
					submitter: person(name, '13800000008') });
				return world.pg.value('select length(sealed) from ' +
					'huiyin.feedback_person p join huiyin.feedback f on ' +
					`f.id = p.feedback where f.receipt = '${receipt}'`);
			};
			assert.equal(await length('李'), await length('欧阳一二三四五六'));
		});
});

describe('where there is no auditor', () => {
	const its = county();

	test('who is anonymous is heard, and who they are is not kept',
		async () => {
			const { world } = its;
			const [village] = world.townships[world.here];
			const kiosk = await world.kiosk(`${village}-1`);
			const office = await world.staff('office-clerk');
			const ref = newRef();
			const said = feedback(village, { anonymous: true, filed_by: filer,
				submitter: person('CANARYname', '13612345678') });
			const filed = await kiosk.act('feedback.submit', said, ref);
			assert.equal(filed.contact, 'not_kept');
			assert.deepEqual(await kiosk.act('feedback.submit', said, ref),
				filed);
			const seen = await office.act('feedback.get',
				{ receipt: filed.receipt });
			assert.match(seen.pseudonym, /^匿名-/);
			assert.doesNotMatch(await everything(world.pg),
				/CANARY|13612345678/);
			const { contact } = await kiosk.act('feedback.submit',
				feedback(village, { anonymous: true }));
			assert.equal(contact, undefined);
		});

	for (const [key, why] of [['12', 'too short'], ['0'.repeat(64), 'zero'],
		[`01${'0'.repeat(62)}`, 'of small order'], ['x'.repeat(64), 'no hex']])
		test(`a key that is ${why} is found by --check`, () => {
			const { world } = its;
			const config = `${world.folder}/bad.yaml`;
			writeFileSync(config, Object.entries({ ...world.nodes[0].settings,
				auditor_key: key }).map(([k, v]) =>
				`${k}: ${JSON.stringify(v)}\n`).join(''));
			assert.throws(() => execFileSync(`${build}/bin/huiyind`,
				['--config', config, '--check'], { encoding: 'utf8',
					stdio: 'pipe' }),
			(error) => error.status === 1 &&
				/auditor_key: /.test(error.stderr));
		});
});

describe('an auditor', () => {
	const its = county({ nodes: 0 });
	let world, kiosk, office, village, keyFile, publicKey;
	const unseal = (receipt, more = {}) => {
		const { '--auditor': auditor = 'auditor', '--reason': reason =
		'a threat to life', '--key-file': file = keyFile } = more;
		return admin(world.pg.conninfo('postgres'),
			`${world.golden}/installation`, ['unseal', '--receipt', receipt,
				'--key-file', file, '--reason', reason,
				'--auditor', auditor]);
	};
	const chain = () => world.pg.rows('select a.act, a.subject, p.name, ' +
		'x.reason from huiyin.audit a left join huiyin.principal p on ' +
		'p.id = a.principal left join huiyin.person_access x on ' +
		"x.audit = a.seq where a.act like 'person.%' order by a.seq");

	before(async () => {
		world = its.world;
		keyFile = `${world.folder}/auditor.key`;
		[{ public_key: publicKey }] = await world.admin('auditor', 'key',
			keyFile);
		await world.addNode({ auditor_key: publicKey });
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		office = await world.staff('office-clerk');
	});

	const submit = (more) => kiosk.act('feedback.submit',
		feedback(village, { submitter: person('赵六', '13900000001'),
			filed_by: filer, ...more }));
	const close = ({ receipt }) => world.pg.rows('update huiyin.feedback set ' +
		`state = 'closed_explained' where receipt = '${receipt}'`);

	test('has a key file that nobody else can read, and that is not ' +
		'overwritten', async () => {
		assert.equal(statSync(keyFile).mode & 0o777, 0o600);
		const was = readFileSync(keyFile, 'utf8');
		const again = await admin('', '', ['auditor', 'key', keyFile]);
		assert.equal(again.code, 1);
		assert.equal(readFileSync(keyFile, 'utf8'), was);
		assert.notEqual(was.trim(), publicKey);
	});

	test('learns who it is, and it stands in the chain who asked and why',
		async () => {
			const { receipt } = await submit({ anonymous: true });
			const { code, out } = await unseal(receipt);
			assert.equal(code, 0);
			const seen = JSON.parse(out);
			assert.deepEqual(seen.submitter, person('赵六', '13900000001'));
			assert.deepEqual(seen.filed_by, filer);
			assert.deepEqual((await chain()).at(-1), ['person.unseal',
				receipt, 'auditor', 'a threat to life']);
			const [verified] = await world.admin('audit', 'verify');
			assert.equal(verified.ok, true);
		});

	test('stands in the chain also when the key is the wrong one, and is ' +
		'shown nothing', async () => {
		const { receipt } = await submit({ anonymous: true });
		const other = `${world.folder}/other.key`;
		await world.admin('auditor', 'key', other);
		const { code, out, err } = await unseal(receipt,
			{ '--key-file': other });
		assert.equal(code, 1);
		assert.equal(out, '');
		assert.match(err, /does not open it/);
		assert.equal((await chain()).at(-1)[1], receipt);
	});

	for (const [name, more, code] of [
		['a key that is not there', { '--key-file': '/nowhere' }, 2],
		['no reason', { '--reason': ' ' }, 4],
		['a clerk for an auditor', { '--auditor': 'office-clerk' }, 4],
		['nobody for an auditor', { '--auditor': 'nobody' }, 5],
	])
		test(`is shown nothing with ${name}, and nothing was opened`,
			async () => {
				const { receipt } = await submit({ anonymous: true });
				const before = await chain();
				const done = await unseal(receipt, more);
				assert.equal(done.code, code);
				assert.equal(done.out, '');
				assert.deepEqual(await chain(), before);
			});

	test('who is disabled is shown nothing', async () => {
		const { receipt } = await submit({ anonymous: true });
		await world.admin('staff', 'disable', 'auditor');
		assert.equal((await unseal(receipt)).code, 4);
		await world.admin('staff', 'enable', 'auditor');
		assert.equal((await unseal(receipt)).code, 0);
	});

	test('is not shown who complains about their own department',
		async () => {
			const { receipt } = await submit({ anonymous: true,
				against: { department: 'office' } });
			const { code, out } = await unseal(receipt);
			assert.equal(code, 5);
			assert.equal(out, '');
		});

	test('is shown nothing of what is named: its department has that',
		async () => {
			const { receipt } = await submit();
			assert.equal((await unseal(receipt)).code, 5);
		});

	test('cannot do without the salt: what was erased stays erased',
		async () => {
			const { receipt } = await submit({ anonymous: true });
			await world.pg.rows('delete from huiyin.person_key k using ' +
				'huiyin.feedback f where f.id = k.feedback and f.receipt = ' +
				`'${receipt}'`);
			assert.equal((await unseal(receipt)).code, 5);
		});

	test('a person is shown all that is kept about them, by receipt and key',
		async () => {
			const filed = await submit();
			await office.act('feedback.answer', { receipt: filed.receipt,
				text: '下周发放', outcome: 'resolved' });
			const [all] = await world.admin('person', 'export', '--receipt',
				filed.receipt, '--key', filed.key, '--by', 'admin');
			assert.equal(all.receipt, filed.receipt);
			assert.equal(all.text, '补贴什么时候发?');
			assert.equal(all.filed_through, `${village}-1`);
			assert.deepEqual(all.submitter, person('赵六', '13900000001'));
			assert.deepEqual(all.filed_by, filer);
			assert.equal(all.answers[0].text, '下周发放');
			assert.equal(all.history.length, 5);
			assert.equal(all.access.at(-1).kind, 'export');
			assert.equal(all.person, undefined);
			assert.deepEqual((await chain()).at(-1).slice(0, 3),
				['person.export', filed.receipt, 'admin']);
		});

	test('keys and names are read from standard input too, out of sight',
		async () => {
			const filed = await submit();
			const [done] = await world.admin('person', 'correct',
				'--receipt', filed.receipt, '--key', '-', '--new-name', '-',
				{ input: `${filed.key}\n吴十\n` });
			assert.equal(done.corrected, true);
			const [seen] = await world.admin('person', 'export', '--receipt',
				filed.receipt, '--key', '-', { input: `${filed.key}\n` });
			assert.equal(seen.submitter.name, '吴十');
			await assert.rejects(world.admin('person', 'export', '--phone',
				'-'), /a line is missing/);
		});

	test('and nothing with the key of another receipt, or none', async () => {
		const [one, two] = [await submit(), await submit()];
		for (const key of [two.key, '1']) {
			const done = await admin(world.pg.conninfo('postgres'),
				`${world.golden}/installation`, ['person', 'export',
					'--receipt', one.receipt, '--key', key]);
			assert.equal(done.code, 5);
			assert.equal(done.out, '');
		}
	});

	test('all that a person said is found by their number, what is ' +
		'anonymous opened only with the auditor\'s key', async () => {
		const who = { submitter: person('钱七', '13900000077') };
		const named = await submit(who);
		const hidden = await submit({ ...who, anonymous: true });
		await submit({ submitter: person('孙八', '13900000078') });
		const ask = (...more) => world.admin('person', 'export', '--phone',
			'139 0000 0077', ...more);
		const [one, two] = await ask();
		assert.deepEqual([one.receipt, two.receipt],
			[named.receipt, hidden.receipt]);
		assert.equal(one.submitter.name, '钱七');
		assert.deepEqual(two.submitter, { kind: 'farmer' });
		const opened = await ask('--key-file', keyFile, '--by', 'auditor',
			'--reason', 'asked for');
		assert.equal(opened[1].submitter.name, '钱七');
		await assert.rejects(ask('--key-file', keyFile, '--by', 'admin',
			'--reason', 'curious'), /not_allowed/);
	});

	test('a name is corrected, and the number that was not said stays',
		async () => {
			const filed = await submit();
			await world.admin('person', 'correct', '--receipt',
				filed.receipt, '--key', filed.key, '--new-name', '赵柳');
			assert.equal((await chain()).at(-1)[0], 'person.correct');
			const seen = await office.act('feedback.get',
				{ receipt: filed.receipt });
			assert.deepEqual(seen.submitter, person('赵柳', '13900000001'));
			assert.deepEqual(seen.filed_by, filer);
		});

	test('of who is anonymous only with the auditor\'s key; then the ' +
		'pseudonym follows the number', async () => {
		const filed = await submit({ anonymous: true });
		const correct = (...more) => world.admin('person', 'correct',
			'--receipt', filed.receipt, '--key', filed.key, '--new-phone',
			'13900000055', ...more);
		const pseudonym = async () => (await office.act('feedback.get',
			{ receipt: filed.receipt })).pseudonym;
		const was = await pseudonym();
		await assert.rejects(correct(), /anonymous/);
		await correct('--key-file', keyFile);
		assert.notEqual(await pseudonym(), was);
		const seen = JSON.parse((await unseal(filed.receipt)).out);
		assert.deepEqual(seen.submitter, person('赵六', '13900000055'));
		assert.deepEqual(seen.filed_by, filer);
	});

	test('a person is erased once the feedback is closed: who it was and ' +
		'what was said, not that it was', async () => {
		const filed = await submit({ text: 'CANARYwords' });
		await office.act('feedback.answer', { receipt: filed.receipt,
			text: 'CANARYanswer', outcome: 'resolved' });
		const erase = () => world.admin('person', 'erase', '--receipt',
			filed.receipt, '--key', filed.key, '--reason', 'asked for');
		await assert.rejects(erase(), /wrong_state/);
		await close(filed);
		const [done] = await erase();
		assert.equal(done.erased, true);
		const seen = await office.act('feedback.get',
			{ receipt: filed.receipt });
		assert.deepEqual(seen.submitter, { kind: 'farmer' });
		assert.equal(seen.filed_by, undefined);
		assert.equal(seen.text, '');
		assert.equal(seen.answer.outcome, 'resolved');
		assert.equal(seen.history.length, 5);
		assert.doesNotMatch(await everything(world.pg), /CANARY(words|answer)/);
		const [verified] = await world.admin('audit', 'verify');
		assert.equal(verified.ok, true);
		assert.deepEqual(await world.pg.rows('select sealed, contact from ' +
			'huiyin.feedback_person p join huiyin.feedback f on f.id = ' +
			`p.feedback where f.receipt = '${filed.receipt}'`), [['', '']]);
	});

	test('by number all that is closed is erased, the words kept where ' +
		'they must be', async () => {
		const who = { submitter: person('周九', '13900000099') };
		const [open, closed, hidden] = [await submit(who), await submit(who),
			await submit({ ...who, anonymous: true })];
		await close(closed);
		await close(hidden);
		const done = await world.admin('person', 'erase', '--phone',
			'13900000099', '--words', 'keep');
		assert.deepEqual(done.map((d) => [d.receipt, d.erased, d.words]), [
			[open.receipt, false, false], [closed.receipt, true, false],
			[hidden.receipt, true, false]]);
		const text = async ({ receipt }) => (await office.act('feedback.get',
			{ receipt })).text;
		assert.equal(await text(closed), '补贴什么时候发?');
		assert.equal((await unseal(hidden.receipt)).code, 5);
		const left = await world.admin('person', 'export', '--phone',
			'13900000099');
		assert.deepEqual(left.map((l) => l.receipt), [open.receipt]);
	});

	test('what an older release left in clear is sealed', async () => {
		const named = await submit({ submitter: undefined,
			filed_by: undefined });
		const hidden = await submit({ anonymous: true, submitter:
			{ kind: 'farmer' }, filed_by: undefined });
		for (const { receipt } of [named, hidden])
			await world.pg.rows('insert into huiyin.feedback_person (feedback, ' +
				"name, phone, filed_by_name, filed_by_relation) select id, " +
				"'CANARYold', '13911111111', 'CANARYfiler', '邻居' from " +
				`huiyin.feedback where receipt = '${receipt}'`);
		const [done] = await world.admin('person', 'seal', '--auditor-key',
			publicKey);
		assert.equal(done.sealed, 2);
		assert.doesNotMatch(await everything(world.pg), /CANARYold/);
		const seen = await office.act('feedback.get',
			{ receipt: named.receipt });
		assert.equal(seen.submitter.name, 'CANARYold');
		assert.equal(seen.filed_by.relation, '邻居');
		assert.equal(JSON.parse((await unseal(hidden.receipt)).out)
			.submitter.name, 'CANARYold');
	});
});
