// SPDX-License-Identifier: Apache-2.0
// Who sees what of meetings and their summaries: its part of sight.test.js.
import { circulateSummary, onMeeting } from './summary.js';
import { notice } from './world.js';

// What somebody is to a meeting: the office that convened it (its coordinators),
// an invited department, an auditor.
const sitting = 'office invited auditor';
const minuting = 'office auditor';
// And to feedback that led to an item.
const staff = 'department coordinator auditor';

const each = (columns, who) => Object.fromEntries(
	columns.split(' ').map((column) => [column, who]));

// Act -> column -> to whom it may be shown.
export const meetingTable = {
	'meeting.propose': {
		...each('items.receipt items.state items.service items.region ' +
			'items.region_name items.township_name items.text ' +
			'items.answer_by items.overdue items.filed_at ' +
			'items.department.code items.department.name items.level ' +
			'items.kind items.why items.n items.before items.open ' +
			'items.understood items.notice items.about.notice ' +
			'items.about.headline items.entry items.due items.progress ' +
			'items.year items.number items.item', 'anyone'),
		...each('items.feedback.receipt items.feedback.state ' +
			'items.feedback.text', 'coordinator'),
	},
	'meeting.get': {
		...each('meeting title at place chair department.code ' +
			'department.name state revision parties.department.code ' +
			'parties.department.name parties.part parties.reply ' +
			'parties.names parties.reason parties.came agenda.item ' +
			'agenda.position agenda.kind agenda.text agenda.lead.code ' +
			'agenda.lead.name agenda.decision agenda.responsible ' +
			'agenda.standard agenda.due agenda.assisting.code ' +
			'agenda.assisting.name summary.year summary.number', sitting),
		...each('agenda.feedback', sitting),
		...each('agenda.feedback.receipt agenda.feedback.state', staff),
		...each('agenda.notices.notice agenda.notices.headline', sitting),
		...each('changes.revision changes.act changes.by changes.at ' +
			'changes.item changes.text changes.position changes.was ' +
			'changes.was.title changes.is changes.invited changes.how ' +
			'changes.reason changes.fields.decision.was ' +
			'changes.fields.decision.is', minuting),
	},
	'meeting.list': {
		...each('items.meeting items.title items.at items.place ' +
			'items.department.code items.department.name items.state',
		sitting),
		...each('items.part items.reply', 'invited auditor'),
		...each('next', 'anyone'),
	},
	'summary.get': {
		...each('meeting state year number issued_at sign_by reason ' +
			'corrects.year corrects.number corrects.reason ' +
			'corrected_by.year corrected_by.number revision overdue ' +
			'silent.code silent.name title office.code office.name at ' +
			'place chair items.item items.position items.text ' +
			'items.feedback items.decisions items.decisions.text ' +
			'items.decisions.lead.code items.decisions.lead.name ' +
			'items.decisions.assisting.code ' +
			'items.decisions.assisting.name items.decisions.responsible ' +
			'items.decisions.standard items.decisions.due items.notices ' +
			'items.notices.notice items.notices.headline copies_to.code ' +
			'copies_to.name voices.signed voices.signed.at ' +
			'voices.signed.department.code ' +
			'voices.signed.department.name voices.objected ' +
			'voices.objected.at voices.objected.text ' +
			'voices.objected.answer voices.objected.noted ' +
			'voices.objected.department.code ' +
			'voices.objected.department.name voices.silent ' +
			'voices.silent.code voices.silent.name hash said.round ' +
			'said.voice said.late said.at said.text said.answer ' +
			'said.noted said.department.code said.department.name',
		sitting),
		...each(['came', 'leave', 'sitting_in', 'absent'].flatMap((how) =>
			['', '.names', '.department.code', '.department.name'].map(
				(column) => `attendance.${how}${column}`)).join(' '),
		sitting),
		said: 'invited', // nothing, to who said nothing
	},
	'summary.list': {
		...each('items.meeting items.state items.year items.number ' +
			'items.issued_at items.title items.sign_by items.reason ' +
			'items.corrects.year items.corrects.number ' +
			'items.corrected_by.year items.corrected_by.number', sitting),
		...each('next', 'anyone'),
	},
};

// What a viewer is to a meeting {invited: codes}.
export function meetingRelations({ department, role }, { invited }) {
	const isDesk = ['clerk', 'approver', 'coordinator'].includes(role);

	return Object.entries({
		office: role === 'coordinator' && department === 'office',
		invited: isDesk && invited.includes(department),
		auditor: role === 'auditor',
	}).filter(([, is]) => is).map(([name]) => name);
}

// The correction of an issued summary, once given up and once issued: transport,
// which sat in, objects, and commerce says nothing until the time is over.
export async function correct(world, meeting, { transport }, coordinator) {
	const on = (act, more) => onMeeting(coordinator, act, meeting, more);
	const draft = () => coordinator.act('summary.draft',
		{ meeting, reason: 'x' });

	await draft();
	await coordinator.act('meeting.cancel', { meeting, reason: 'x' });
	await draft();
	const { agenda } = await coordinator.act('meeting.get', { meeting });
	await on('meeting.set', { item: agenda.at(-1).item, decision: '改' });
	await on('meeting.attend', { department: 'commerce', how: 'came',
		names: ['x'] });
	await on('meeting.attend', { department: 'transport', how: 'sat_in' });
	await on('summary.circulate');
	await onMeeting(transport, 'summary.object', meeting, { text: 'x' });
	await coordinator.act('summary.answer', { meeting,
		department: 'transport', outcome: 'noted', text: 'x' });
	await world.pg.rows('update huiyin.summary set sign_by = now() - ' +
		"interval '1 minute' where state = 'circulated'", 'huiyin');
	await on('summary.issue');
}

// A summary that was taken back and is circulated again; commerce is silent.
async function circulate({ transport }, coordinator, departments, about) {
	const meeting = await circulateSummary(coordinator, departments,
		[{ text: 'x', notices: [about] }]);
	const on = (peer, act, more) => onMeeting(peer, act, meeting, more);

	await coordinator.act('summary.draft', { meeting, reason: 'x' });
	await on(coordinator, 'meeting.attend', { department: 'commerce',
		how: 'leave' });
	await on(coordinator, 'summary.circulate');
	await on(transport, 'summary.sign');
}

// A meeting that is to come, about each of these receipts.
async function convene({ commerce, transport }, coordinator, receipts, about) {
	const { meeting } = await coordinator.act('meeting.convene', {
		title: 'x', at: '2068-01-02T09:00:00+08:00', place: 'x', chair: 'x',
		departments: ['commerce'] });
	const on = (act, more) => onMeeting(coordinator, act, meeting, more);

	await on('meeting.change', { title: 'y', departments: ['transport'] });
	for (const peer of [commerce, transport])
		await peer.act('meeting.reply', { meeting, reply: 'leave',
			names: ['x'], reason: 'x' });
	for (const receipt of receipts)
		await on('meeting.add', { text: 'x', feedback: [receipt],
			notices: [about] });
	const { agenda } = await coordinator.act('meeting.get', { meeting });
	await on('meeting.order', { items: agenda.map((i) => i.item).reverse() });
}

// A notice that kiosks did not understand: a meeting may speak about it.
async function misunderstood(world, clerk) {
	const { notice: id } = await clerk.act('notice.publish', notice(
		[world.county], { ack: 'understood' }));

	for (const name of Object.keys(world.kiosks).slice(-5))
		await (await world.kiosk(name)).act('notice.receipt', { notice: id,
			state: 'misunderstood', at: '2026-01-01T08:00:00+08:00' });
}

// What meetings there are of these clerks {commerce, transport}, and their
// issued summaries: [{meeting, invited, year?, number?}].
export async function meetingsOn(world, receipts, about, clerks, coordinator) {
	const invited = Object.keys(clerks);

	await misunderstood(world, clerks.commerce);
	await circulate(clerks, coordinator, invited, about);
	await convene(clerks, coordinator, receipts, about);
	const { items } = await coordinator.act('meeting.list');
	const summaries = await coordinator.act('summary.list',
		{ state: 'issued' });
	return [...items, ...summaries.items].map(({ meeting, year, number }) =>
		({ meeting, year, number, invited }));
}
