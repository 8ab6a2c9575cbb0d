// SPDX-License-Identifier: Apache-2.0
// What was acknowledged in conversations, against the tables.

const CHECKS = {
	'feedback.submit': ({ params, result }, { feedback }, ref) => {
		const rows = feedback.get(ref) ?? [];

		return rows.length === 1 && rows[0].receipt === result.receipt &&
			rows[0].said === params.text;
	},
	'notice.publish': ({ params, result }, { notices }) => {
		const rows = notices.get(result.notice) ?? [];

		return rows.length === 1 && rows[0].headline === params.headline &&
			Number(rows[0].seq) === result.seq;
	},
	'feedback.answer': ({ params }, { answers }) => {
		const rows = answers.get(params.receipt) ?? [];

		return rows.length === 1 && rows[0].said === params.text;
	},
	'notice.receipt': ({ params }, { receipts }) =>
		(receipts.get(params.notice) ?? []).length === 1,
};

/** Rows by their first column. */
async function table(pg, columns, from) {
	const by = new Map();

	for (const row of await pg.rows(`select ${columns} from ${from}`)) {
		const named = Object.fromEntries(columns.split(', ')
			.map((name, i) => [name.split('.').at(-1), row[i]]));
		by.set(row[0], [...by.get(row[0]) ?? [], named]);
	}
	return by;
}

/** {acknowledged, repeats, wrong}: how many, and what is not as it was said. */
export async function compareTalks(pg, talks) {
	const tables = {
		feedback: await table(pg, 'ref, receipt, said', 'huiyin.feedback'),
		notices: await table(pg, 'notice, headline, seq', 'huiyin.notice'),
		answers: await table(pg, 'f.receipt, a.said',
			'huiyin.feedback_answer a join huiyin.feedback f ' +
			'on f.id = a.feedback'),
		receipts: await table(pg, 'n.notice, r.rank',
			'huiyin.notice_receipt r join huiyin.notice n ' +
			'on n.id = r.notice where r.rank = 3'),
	};
	const all = talks.flatMap((talk) => talk.acknowledged);
	const known = new Set(all.map(({ ref }) => ref));
	const wrong = all.filter((act) =>
		!CHECKS[act.method](act, tables, act.ref));

	return { acknowledged: all.length,
		repeats: talks.reduce((n, talk) => n + talk.repeats, 0),
		wrong: [...wrong, ...[...tables.feedback.keys()]
			.filter((ref) => !known.has(ref))] };
}
