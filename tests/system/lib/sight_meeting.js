// SPDX-License-Identifier: Apache-2.0
// Who sees what of meetings and their summaries: its part of sight.test.js.
import { onMeeting } from './summary.js';

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
			'items.kind items.why items.n items.before items.open',
		'anyone'),
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
		...each('agenda.feedback', 'invited'),
		...each('agenda.feedback.receipt agenda.feedback.state', staff),
		...each('agenda.notices.notice agenda.notices.headline', sitting),
		...each('changes.revision changes.act changes.by changes.at ' +
			'changes.item changes.text changes.position', minuting),
	},
	'meeting.list': {
		...each('items.meeting items.title items.at items.place ' +
			'items.department.code items.department.name items.state',
		sitting),
		...each('items.part items.reply', 'invited auditor'),
		...each('next', 'anyone'),
	},
	'summary.get': each('meeting state year number issued_at title ' +
		'office.code office.name at place chair attendance.came ' +
		'attendance.leave attendance.sitting_in attendance.absent.names ' +
		'attendance.absent.department.code ' +
		'attendance.absent.department.name items.item items.position ' +
		'items.text items.feedback items.decisions.text ' +
		'items.decisions.lead.code items.decisions.lead.name ' +
		'items.decisions.assisting.code items.decisions.assisting.name ' +
		'items.decisions.responsible items.decisions.standard ' +
		'items.decisions.due items.notices copies_to.code copies_to.name ' +
		'voices.signed.department.code voices.signed.department.name ' +
		'voices.signed.at voices.objected voices.silent hash said.round ' +
		'said.voice said.late said.at said.department.code ' +
		'said.department.name', sitting),
	'summary.list': {
		...each('items.meeting items.state items.year items.number ' +
			'items.issued_at items.title', sitting),
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

// A meeting that is to come, about each of these receipts; and all meetings
// there are: [{meeting, invited}].
export async function meetingsOn(receipts, notice, clerks, coordinator) {
	const invited = Object.keys(clerks);
	const { meeting } = await coordinator.act('meeting.convene', {
		title: 'x', at: '2068-01-02T09:00:00+08:00', place: 'x', chair: 'x',
		departments: invited });

	for (const peer of Object.values(clerks))
		await peer.act('meeting.reply', { meeting, reply: 'leave',
			names: ['x'], reason: 'x' });
	for (const receipt of receipts)
		await onMeeting(coordinator, 'meeting.add', meeting,
			{ text: 'x', feedback: [receipt], notices: [notice] });
	const { items } = await coordinator.act('meeting.list');
	return items.map((m) => ({ meeting: m.meeting, invited }));
}
