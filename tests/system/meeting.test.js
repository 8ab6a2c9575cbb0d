// SPDX-License-Identifier: Apache-2.0
// A whole meeting over the wire: three departments, one of which objects; from
// what people said to a summary that nobody changes, and its correction.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { newRef } from './lib/ref.js';
import { county, feedback } from './lib/world.js';

const year = Number(new Intl.DateTimeFormat('en', { year: 'numeric',
	timeZone: 'Asia/Shanghai' }).format(new Date()));

describe('a meeting of departments', () => {
	const its = county({ nodes: 2, settings: { tick_seconds: 1 } });
	let world, village, kiosk, coordinator, second, auditor, stranger;
	const departments = {}; // code -> a clerk of it
	const filed = [];
	let meeting, revision;

	// An act on the meeting, with the revision it is at.
	const act = async (peer, name, more = {}) => {
		const takes = !/reply|cancel|draft|answer/.test(name);
		const answer = await peer.act(name, { meeting,
			...(takes ? { revision } : {}), ...more });
		({ revision } = answer);
		return answer;
	};
	const refused = (peer, name, more = {}) => peer.refused(name,
		{ meeting, ...more });
	const show = (peer, more = {}) =>
		peer.act('meeting.get', { meeting, ...more });
	const summary = (peer, more = {}) =>
		peer.act('summary.get', { meeting, ...more });
	const texts = (shown) => shown.agenda.map((i) => i.text);
	const hears = (peer, state) => peer.news('meeting.changed',
		(n) => n.meeting === meeting && n.state === state);

	async function person(login, role, department) {
		world.secrets[login] = `secret of ${login}`;
		await world.admin('staff', 'add', login, '--roles', role,
			'--department', department, { input: world.secrets[login] });
		return world.staff(login, {}, { node: world.nodes[1] });
	}

	async function file(more) {
		filed.push(await kiosk.act('feedback.submit', feedback(village, {
			anonymous: true, submitter: { kind: 'farmer',
				name: 'CANARYname', phone: '13912345678' }, ...more })));
	}

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		coordinator = await world.staff('coordinator');
		second = await person('coordinator-2', 'coordinator', 'office');
		auditor = await world.staff('auditor');
		for (const code of ['water', 'culture'])
			await world.admin('department', 'add', code, '--name',
				`${code} office`, '--region', world.county);
		departments.commerce = await world.staff('commerce-clerk');
		departments.transport = await world.staff('transport-clerk');
		departments.water = await person('water-clerk', 'clerk', 'water');
		stranger = await person('culture-clerk', 'clerk', 'culture');
		await file({ text: '村口的路塌了' });
		await file({ text: '交通局的人态度差',
			against: { department: 'transport' } });
		await world.pg.rows("update huiyin.feedback set tick_at = now(), " +
			"answer_by = now() - interval '1 hour'", 'huiyin');
		await world.admin('db', 'tick');
	});

	test('has an agenda that the database proposes', async () => {
		const { items } = await coordinator.act('meeting.propose');
		assert.deepEqual(items.filter((i) => i.kind === 'feedback')
			.map((i) => `${i.why} ${i.receipt}`).sort(),
		filed.map((f) => `overdue ${f.receipt}`).sort());
		assert.doesNotMatch(JSON.stringify(items), /CANARY|13912345678/);
	});

	test('is convened, and those invited hear of it', async () => {
		({ meeting, revision } = await coordinator.act('meeting.convene', {
			title: '农村公路联席会议', at: '2098-03-02T09:00:00+08:00',
			place: '二楼会议室', chair: '王县长',
			departments: Object.keys(departments) }));
		for (const peer of Object.values(departments))
			await hears(peer, 'convened');
		await hears(second, 'convened');
		assert.equal((await refused(stranger, 'meeting.get')).tag,
			'not_found');
		assert.deepEqual((await stranger.act('meeting.list')).items, []);
	});

	test('has items that the coordinator picks, orders and adds', async () => {
		const [road, rude] = filed;
		await act(coordinator, 'meeting.add', { text: '通报情况' });
		await act(coordinator, 'meeting.add', { text: '村口公路',
			kind: 'feedback', feedback: [road.receipt] });
		const { item } = await act(coordinator, 'meeting.add', {
			text: '服务态度', feedback: [rude.receipt] });
		const { agenda } = await show(coordinator);
		await act(coordinator, 'meeting.order', { items:
			[item, ...agenda.map((i) => i.item).filter((i) => i !== item)] });
		assert.deepEqual(texts(await show(departments.commerce)),
			['服务态度', '通报情况', '村口公路']);
	});

	test('tells a department nothing of what is said against it before it ' +
		'is held', async () => {
		const seen = await show(departments.transport);
		assert.deepEqual(seen.agenda.map((i) => `${i.position} ${i.text}`),
			['1 通报情况', '2 村口公路']);
		assert.ok(!JSON.stringify(seen).includes(filed[1].receipt));
	});

	test('loses no edit of two coordinators: the second is told what was ' +
		'changed, by whom', async () => {
		const { agenda } = await show(second);
		const [, news] = agenda;
		const seen = revision;
		await act(coordinator, 'meeting.set', { item: news.item,
			text: '通报道路情况' });
		const why = await refused(second, 'meeting.set', { revision: seen,
			item: news.item, text: '通报资金情况' });
		assert.equal(why.tag, 'changed');
		const { code, err } = await world.cli('coordinator-2', 'meeting',
			'set', '--meeting', String(meeting), '--revision', String(seen),
			'--item', String(news.item), '--text', '通报资金情况');
		assert.equal(code, 4, err);
		assert.match(err, new RegExp(`now it is revision ${revision}$`, 'm'));
		assert.match(err, new RegExp(`revision ${revision}: by .+, ` +
			`meeting.set, item ${news.item}$`, 'm'));
		assert.equal(why.now.revision, revision);
		assert.deepEqual(why.now.changes.map(({ at, by, ...c }) => {
			assert.match(by, /coordinator$/);
			return c;
		}), [{ revision, act: 'meeting.set', item: news.item }]);
		const { changes } = await show(second, { since: seen });
		assert.deepEqual(changes[0].fields,
			{ text: { was: '通报情况', is: '通报道路情况' } });
		await act(second, 'meeting.set', { item: news.item,
			text: '通报道路和资金情况' });
	});

	test('is replied to: one comes, one sends leave, one sits in',
		async () => {
			await act(departments.commerce, 'meeting.reply',
				{ reply: 'comes', names: ['张局长'] });
			await act(departments.water, 'meeting.reply',
				{ reply: 'leave', reason: '下乡' });
			await act(departments.transport, 'meeting.reply',
				{ reply: 'comes', names: ['李局长', '周工'] });
			await hears(coordinator, 'convened');
			assert.deepEqual((await show(departments.commerce)).parties.map(
				(p) => [p.department.code, p.reply, p.names, p.reason]), [
				['commerce', 'comes', ['张局长'], undefined],
				['transport', 'comes', ['李局长', '周工'], undefined],
				['water', 'leave', undefined, undefined]]);
		});

	test('says of what comes too early what would allow it', async () => {
		const why = await refused(coordinator, 'summary.circulate',
			{ revision });
		assert.equal(why.tag, 'wrong_state');
		assert.equal(why.now.state, 'convened');
		assert.ok(why.now.acts.includes('meeting.hold'));
	});

	test('is held and decides; the draft is the office\'s', async () => {
		await act(coordinator, 'meeting.hold');
		await hears(departments.water, 'held');
		const { agenda } = await show(coordinator);
		const road = agenda.find((i) => i.text === '村口公路');
		await act(coordinator, 'meeting.set', { item: road.item,
			decision: '六月底前修通', lead: 'transport',
			assisting: ['water'], responsible: '李局长', standard: '通车',
			due: '2098-06-30T17:30:00+08:00' });
		await act(coordinator, 'summary.draft');
		assert.equal((await summary(coordinator)).state, 'draft');
		assert.equal((await refused(departments.commerce,
			'summary.get')).tag, 'not_found');
		assert.doesNotMatch(JSON.stringify(await show(departments.transport)),
			/六月底前/);
	});

	test('is circulated; two sign, one objects and is answered', async () => {
		const { sign_by } = await act(coordinator, 'summary.circulate');
		assert.ok(Date.parse(sign_by) > Date.now());
		for (const peer of Object.values(departments)) {
			await hears(peer, 'circulated');
			assert.equal((await summary(peer)).revision, revision);
		}
		await act(departments.commerce, 'summary.sign');
		await act(departments.water, 'summary.sign');
		let why = await refused(coordinator, 'summary.issue', { revision });
		assert.equal(why.tag, 'needs_voices');
		const told = await world.cli('coordinator', 'summary', 'issue',
			'--meeting', String(meeting), '--revision', String(revision));
		assert.equal(told.code, 4, told.err);
		assert.match(told.err, /not signed yet: transport$/m);
		assert.match(told.err, /time to sign until \d{4}-/);
		assert.deepEqual(why.now.silent, ['transport']);
		await act(departments.transport, 'summary.object',
			{ text: '资金没有落实' });
		await hears(coordinator, 'circulated');
		why = await refused(coordinator, 'summary.issue', { revision });
		assert.deepEqual(why.now, { ...why.now, silent: [],
			objects: ['transport'] });
		await act(coordinator, 'summary.answer', { department: 'transport',
			outcome: 'noted', text: '财政另行安排' });
		const { said } = await summary(departments.transport);
		assert.deepEqual(said.map((v) => [v.voice, v.text, v.answer,
			v.noted]), [['objected', '资金没有落实', '财政另行安排', true]]);
		assert.deepEqual((await summary(departments.water)).said.map((v) =>
			v.department.code), ['water']);
	});

	let first;

	test('is issued once, with the first number of the year', async () => {
		const ref = newRef();
		const params = { meeting, revision };
		const issued = await coordinator.act('summary.issue', params, ref);
		assert.deepEqual([issued.year, issued.number], [year, 1]);
		assert.deepEqual(await second.act('summary.get', { meeting })
			.then((s) => [s.state, s.number]), ['issued', 1]);
		assert.deepEqual(await coordinator.act('summary.issue', params, ref),
			issued);
		for (const peer of Object.values(departments))
			await hears(peer, 'issued');
		first = await summary(departments.commerce);
		assert.deepEqual(first.attendance.came.map((p) =>
			[p.department.code, p.names]), [['commerce', ['张局长']],
			['transport', ['李局长', '周工']]]);
		assert.deepEqual(first.attendance.leave.map((p) =>
			p.department.code), ['water']);
		assert.deepEqual(first.voices.objected.map((v) =>
			[v.department.code, v.text, v.answer, v.noted]),
		[['transport', '资金没有落实', '财政另行安排', true]]);
		assert.equal((await refused(stranger, 'summary.get')).tag,
			'not_found');
	});

	test('cites no receipt and no name', () => {
		const said = JSON.stringify(first);
		for (const word of [filed[0].receipt, filed[1].receipt, 'CANARY',
			'13912345678', '态度差'])
			assert.ok(!said.includes(word), word);
	});

	test('cannot be changed by any act, nor by the node\'s role', async () => {
		for (const [name, more] of [['meeting.add', { text: 'x' }],
			['meeting.change', { title: 'x' }], ['meeting.attend',
				{ department: 'water', how: 'came' }],
			['summary.circulate', {}], ['summary.issue', {}]])
			assert.equal((await refused(coordinator, name, { revision,
				...more })).tag, 'wrong_state', name);
		for (const table of ['summary_issued', 'summary_item',
			'summary_party'])
			for (const change of [`delete from huiyin.${table}`,
				`update huiyin.${table} set summary = 9`])
				await assert.rejects(world.pg.rows(change, 'huiyin',
					'huiyin_node'), /permission denied/);
		assert.deepEqual(await summary(departments.commerce), first);
	});

	test('is in the chain, with the hash of what all read', async () => {
		const [[hash, text]] = await world.pg.rows('select ' +
			"encode(a.content_hash, 'hex'), i.content::text from " +
			'huiyin.summary_issued i join huiyin.audit a on a.act = ' +
			"'summary.issue' where i.number = 1", 'huiyin');
		assert.equal(hash, first.hash);
		assert.equal(createHash('sha256').update(text).digest('hex'), hash);
		assert.deepEqual({ ...first, ...JSON.parse(text) }, first);
		await world.admin('audit', 'verify');
	});

	test('is corrected by another that says what it corrects; both stay ' +
		'readable', async () => {
		assert.equal((await refused(coordinator, 'summary.draft')).path,
			'reason');
		await act(coordinator, 'summary.draft', { reason: '时限应为九月底' });
		const road = (await show(coordinator)).agenda.find((i) =>
			i.text === '村口公路');
		await act(coordinator, 'meeting.set', { item: road.item,
			decision: '九月底前修通', due: '2098-09-30T17:30:00+08:00' });
		await act(coordinator, 'summary.circulate');
		for (const peer of Object.values(departments))
			await act(peer, 'summary.sign');
		const issued = await act(coordinator, 'summary.issue');
		assert.equal(issued.number, 2);
		const now = await summary(departments.water);
		assert.deepEqual([now.corrects.year, now.corrects.number], [year, 1]);
		assert.equal(now.corrects.reason, '时限应为九月底');
		assert.deepEqual(await summary(departments.commerce, { number: 1 }),
			{ ...first, corrected_by: { year, number: 2 } });
		assert.deepEqual((await departments.water.act('summary.list', {}))
			.items.map((s) => s.number), [2, 1]);
	});

	test('is shown to a person by the command line', async () => {
		const shown = await world.cli('commerce-clerk', 'meeting', 'show',
			String(meeting));
		assert.equal(shown.code, 0, shown.err);
		assert.match(shown.out,
			new RegExp(`^Meeting ${meeting}, issued, summary No. 2 of ${year}`));
		const minutes = await world.cli('commerce-clerk', 'summary', 'show',
			'--meeting', String(meeting), '--number', '1');
		assert.equal(minutes.code, 0, minutes.err);
		for (const line of [/^Summary No. 1 of \d+, issued, corrected by No. 2/m,
			/^came: +commerce office \(张局长\), transport office \(李局长, 周工\)$/m,
			/^leave: +water office$/m, / 3\. 村口公路$/m,
			/^ +decided: +六月底前修通$/m, /^ +due: +2098-06-30 17:30$/m,
			/^objected: +transport office$/m, /^noted: +财政另行安排$/m])
			assert.match(minutes.out, line);
		const list = await world.cli('commerce-clerk', 'meeting', 'list');
		assert.match(list.out, /农村公路联席会议/);
		const none = await world.cli('culture-clerk', 'meeting', 'show',
			String(meeting));
		assert.equal(none.code, 5);
	});

	test('leaves a sound database', async () => {
		assert.equal((await auditor.act('summary.list')).items.length, 2);
		await world.admin('db', 'check');
	});
});
