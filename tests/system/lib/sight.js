// SPDX-License-Identifier: Apache-2.0
// The table of who sees what of a feedback (I24), column by column.

import { echo, ledgerTable } from './sight_ledger.js';
import { meetingTable } from './sight_meeting.js';

// What somebody is to a feedback: its department (by the roles that work on
// feedback), the coordinator of what the coordinating office has, an auditor,
// who filed it, who holds its key. Whom it is against is nothing to it.
const staff = 'department coordinator auditor';
const open = `${staff} key`;
const all = `${open} filer`;
// Of a named one, and of an anonymous one.
const named = `named: ${staff}`;
const hidden = `hidden: ${staff}`;

const each = (columns, who) => Object.fromEntries(
	columns.split(' ').map((column) => [column, who]));

const lineOf = 'items.receipt items.state items.service items.region ' +
	'items.region_name items.township_name items.text items.answer_by ' +
	'items.overdue items.filed_at';
const waits = 'items.urgency items.level items.dispatch_by items.returns ' +
	'items.department.code items.department.name';

// Act -> column -> to whom it may be shown; "anyone": whoever may do the act.
export const table = {
	'hello': each('session roles region department.code ' +
		'department.name now epoch head replay window max_frame keepalive ' +
		'features token audit_head store', 'anyone'),
	'ping': each('now', 'anyone'),
	'notice.drafts': each('items.notice items.state items.kind ' +
		'items.headline items.description items.instruction items.lang ' +
		'items.audience.regions items.audience.roles items.expires ' +
		'items.ack items.author ' +
		'items.own items.drafted_at', 'anyone'),
	'notice.reach': each('notice addressed delivered shown read understood ' +
		'misunderstood by.region by.name by.addressed by.delivered by.shown ' +
		'by.read by.understood by.misunderstood', 'anyone'),
	'station.list': each('items.station items.name items.region ' +
		'items.region_name items.township_name items.online ' +
		'items.last_seen items.kiosks items.kiosks_online', 'anyone'),
	'feedback.get': {
		...each('receipt state answer_by', all),
		...each('overdue region region_name service text filed_at ' +
			'department.code department.name history.at history.state ' +
			'history.by history.note answer.text answer.outcome answer.at ' +
			'answer.department.code answer.department.name ' +
			'answer.measure answer.planned answer.plain asked anonymous',
		open),
		...each('about.notice about.headline', `own ${open}`),
		...each('submitter.kind submitter.name submitter.phone ' +
			'filed_by.name filed_by.relation filed_by.consent', named),
		...each('pseudonym', hidden),
		...each('main supplied.asked supplied.text assisting.task ' +
			'assisting.text assisting.by assisting.signed_at ' +
			'assisting.department.code assisting.department.name ' +
			'extension.until extension.reason extension.plan ' +
			'extension.department.code extension.department.name', staff),
		...each(echo, all),
	},
	'feedback.list': {
		...each(lineOf, staff),
		...each('items.about.notice items.about.headline', `own ${staff}`),
		...each('next', 'anyone'),
	},
	'feedback.history': {
		...each('receipt state ever_overdue items.at items.state items.act ' +
			'items.by items.clock items.kind items.old_by items.new_by ' +
			'items.note items.level items.reason', open),
		...each('items.who items.detail.lead items.detail.assisting ' +
			'items.detail.suggestion items.detail.until ' +
			'items.detail.why items.detail.reason items.detail.where ' +
			'items.detail.main items.detail.entries', staff),
	},
	'feedback.queue': {
		...each(`${lineOf} ${waits} items.revisit_by`, 'coordinator'),
		...each('items.about.notice items.about.headline',
			'own coordinator'),
	},
	'feedback.due': {
		...each(`${lineOf} ${waits} items.revisit_by items.clocks.clock ` +
			'items.clocks.by items.clocks.level ' +
			'items.clocks.department.code items.clocks.department.name',
		staff),
		...each('items.about.notice items.about.headline', `own ${staff}`),
	},
	'feedback.search': {
		...each(`${lineOf} items.percent`, staff),
		...each('items.about.notice items.about.headline', `own ${staff}`),
	},
	'report.rates': each('from until items.code items.name items.rate ' +
		'items.n items.of items.percent items.low items.few ' +
		'items.excluded items.why items.rank items.gap items.age_p50 ' +
		'items.age_p90', 'anyone'),
	...ledgerTable,
	...meetingTable,
};
