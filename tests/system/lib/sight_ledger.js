// SPDX-License-Identifier: Apache-2.0
// Who sees what of the ledger: its part of sight.test.js.
import { correct } from './sight_meeting.js';
import { issueSummary } from './summary.js';

// What somebody is to an entry; told: of its lateness, as a superior.
const parties = 'lead assisting told coordinator auditor';
const lineOf = (at) => ['entry', 'state', 'overdue', 'due', 'progress', 'level',
	'department.code', 'department.name', 'text', 'year', 'number', 'item']
	.map((column) => `${at}${column}`);
const inFull = ['responsible', 'standard', 'ever_overdue', 'opened_at',
	'done_at', 'closed_at', 'result', 'notice', 'feedback', 'continues',
	'continued_by', 'clocks',
	...['department.code', 'department.name', 'progress']
		.map((column) => `assisting.${column}`),
	...['at', 'state', 'act', 'by', 'who', 'text', 'progress', 'media',
		'notice', 'decision'].map((column) => `history.${column}`),
	...['at', 'kind', 'level', 'old_by', 'new_by', 'by', 'reason']
		.map((column) => `clocks.${column}`)];

export const echo = ['year', 'number', 'item', 'department.code',
	'department.name', 'due', 'state', 'overdue', 'result', 'closed_at',
	'sentence'].map((column) => `decided.${column}`).join(' ');

const each = (columns, who) => Object.fromEntries(
	columns.map((column) => [column, who]));

// Act -> column -> to whom it may be shown.
export const ledgerTable = {
	'ledger.list': { ...each(lineOf('items.'), parties), next: 'anyone' },
	'ledger.get': {
		...each([...lineOf(''), ...inFull], parties),
		// Of the feedback that proves it only its own department reads.
		'history.receipt': 'lead coordinator auditor',
	},
};

// What a viewer is to an entry {entry, lead, assisting, told}.
export function entryRelations({ department, role }, e) {
	const isDesk = ['clerk', 'approver', 'coordinator'].includes(role);

	return Object.entries({
		lead: isDesk && department === e.lead,
		assisting: isDesk && department === e.assisting,
		told: isDesk && department === e.told,
		coordinator: role === 'coordinator' && department === 'office',
		auditor: role === 'auditor',
	}).filter(([, is]) => is).map(([name]) => name);
}

// As if the time of those that are open had run out.
async function late(world) {
	await world.pg.rows('update huiyin.ledger_entry set tick_at = now(), ' +
		"from_at = now() - interval '100 days', due_at = now() - interval " +
		"'1 day' where state = 'open' and due_at is not null", 'huiyin');
	await world.admin('db', 'tick');
}

// One entry of commerce, whose whole way it goes, and one of transport, which
// is corrected, decided on all these receipts: on what is against commerce as
// well, put there by hand since no item that commerce leads takes it. All were
// late. [{entry, lead, assisting, told}].
export async function entriesOn(world, receipts, clerks, coordinator) {
	const { commerce, transport } = clerks;
	const item = { responsible: '李局长', standard: '通车',
		due: '2060-01-05T10:00:00+08:00', feedback: receipts };
	const against = (await world.pg.rows('select receipt from ' +
		'huiyin.feedback where against is not null', 'huiyin')).flat();

	const { meeting } = await issueSummary(coordinator, clerks, [
		{ ...item, text: '甲', decision: '修', lead: 'commerce',
			assisting: ['transport'],
			feedback: receipts.filter((r) => !against.includes(r)) },
		{ ...item, text: '乙', decision: '建', lead: 'transport' }]);
	const { items: [{ entry }] } = await coordinator.act('ledger.list',
		{ department: 'commerce' });
	await world.pg.rows('insert into huiyin.ledger_feedback (entry, ' +
		'feedback) select e.id, f.id from huiyin.ledger_entry e, ' +
		`huiyin.feedback f where e.entry = '${entry}' and ` +
		'f.against is not null', 'huiyin');
	const on = (peer, act, more) =>
		peer.act(`ledger.${act}`, { entry, ...more });

	await late(world);
	await on(commerce, 'progress', { percent: 10, receipt: receipts[0] });
	await on(commerce, 'progress', { percent: 20, media: 'x' });
	await on(commerce, 'block', { reason: '缺钱', headline: '推迟',
		plan: '下月' });
	await on(commerce, 'done', { text: '好了' });
	await on(transport, 'verify', { decision: 'refused', reason: '没有' });
	await on(commerce, 'done', { text: '真好了' });
	await on(coordinator, 'verify', { decision: 'verified' });
	await correct(world, meeting, clerks, coordinator);
	await late(world);
	const { items } = await coordinator.act('ledger.list');
	return items.map((e) => ({ entry: e.entry, lead: e.department.code,
		assisting: e.department.code === 'commerce' && 'transport',
		told: 'office' }));
}
