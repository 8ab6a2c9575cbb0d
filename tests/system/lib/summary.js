// SPDX-License-Identifier: Apache-2.0
// A meeting that is held, and its summary signed and issued, by the acts themselves.

// An act on a meeting, with the revision it is at.
export async function onMeeting(peer, act, meeting, more = {}) {
	const { revision } = await peer.act('meeting.get', { meeting });
	return peer.act(act, { meeting, revision, ...more });
}

// items: {text, decision, lead, assisting, due, feedback...} as meeting.add takes
// them; signers: {code of a department: a peer of it}. {meeting, year, number}.
export async function issueSummary(coordinator, signers, items) {
	const { meeting } = await coordinator.act('meeting.convene', {
		title: '联席会议', at: new Date(Date.now() + 3_600_000).toISOString()
			.replace('Z', '+00:00'), place: '二楼', chair: '县长',
		departments: Object.keys(signers) });
	const on = (peer, act, more) => onMeeting(peer, act, meeting, more);

	await on(coordinator, 'meeting.hold');
	await coordinator.act('summary.draft', { meeting });
	for (const item of items)
		await on(coordinator, 'meeting.add', item);
	await on(coordinator, 'summary.circulate');
	for (const peer of Object.values(signers))
		await on(peer, 'summary.sign');
	const { year, number } = await on(coordinator, 'summary.issue');
	return { meeting, year, number };
}
