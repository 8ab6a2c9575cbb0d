// SPDX-License-Identifier: Apache-2.0
// A meeting that is held, and its summary signed and issued, by the acts themselves.

// An act on a meeting, with the revision it is at.
export async function onMeeting(peer, act, meeting, more = {}) {
	const { revision } = await peer.act('meeting.get', { meeting });
	return peer.act(act, { meeting, revision, ...more });
}

// A meeting of these departments, its summary circulated; items: {text, decision,
// lead, assisting, due, feedback...} as meeting.add takes them. Its number.
export async function circulateSummary(coordinator, departments, items) {
	const { meeting } = await coordinator.act('meeting.convene', {
		title: '联席会议', at: new Date(Date.now() + 3_600_000).toISOString()
			.replace('Z', '+00:00'), place: '二楼', chair: '县长',
		departments });

	await onMeeting(coordinator, 'meeting.hold', meeting);
	await coordinator.act('summary.draft', { meeting });
	for (const item of items)
		await onMeeting(coordinator, 'meeting.add', meeting, item);
	await onMeeting(coordinator, 'summary.circulate', meeting);
	return meeting;
}

// The same, signed and issued; signers: {code of a department: a peer of it}.
// {meeting, year, number}.
export async function issueSummary(coordinator, signers, items) {
	const meeting = await circulateSummary(coordinator, Object.keys(signers),
		items);

	for (const peer of Object.values(signers))
		await onMeeting(peer, 'summary.sign', meeting);
	const { year, number } = await onMeeting(coordinator, 'summary.issue',
		meeting);
	return { meeting, year, number };
}
