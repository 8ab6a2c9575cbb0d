// SPDX-License-Identifier: Apache-2.0
// A small model of the due response, written from the state table and the rules
// and not from the SQL: what an act by an actor may do, and which rows time
// leaves behind. Minutes since the feedback was filed are its only clock.

export const lengths = { dispatch: 1440, sign: 480, contact: 1440,
	answer: 10080, assist: 2880, revisit: 7200 };
const levels = [75, 90, 100, 150, 200];
const day = 1440;

const office = new Set(['coordinator', 'second']);
export const departments = { clerk: 'commerce', approver: 'commerce',
	driver: 'transport', chief: 'transport', town: 'baiyang',
	mayor: 'hall', coordinator: 'office', second: 'office' };
const approvers = { commerce: ['approver'], transport: ['chief'],
	office: ['coordinator', 'second'], baiyang: [], hall: [] };
const superior = { commerce: 'office', transport: 'office', office: 'hall',
	baiyang: 'hall', hall: null };
export const leads = ['commerce', 'transport', 'baiyang'];
export const actors = [...Object.keys(departments), 'submitter', 'ka', 'km',
	'relay', 'auditor'];

const open = ['received', 'triage', 'dispatched', 'accepted', 'in_progress',
	'scheduled', 'waiting_submitter', 'returned', 'arbitration', 'reopened'];
const worked = ['accepted', 'in_progress', 'scheduled', 'reopened'];

export class Feedback {
	constructor(n) {
		Object.assign(this, { n, state: 'dispatched', lead: 'office', now: 0,
			ticked: 0, round: 1, returns: 0, bound: false, handler: null,
			dispatchedAt: 0, contacted: false, answerFrom: 0,
			answerBy: lengths.answer, signBy: lengths.sign,
			contactBy: lengths.contact, assist: new Map(),
			answers: [], attempts: [], rated: false, granted: new Set(),
			pending: null, resumes: 0, breaches: 0, noted: 0,
			missed: new Set(), duplicates: new Set(), main: null,
			starts: 1, ends: 0 });
		this.arm();
	}

	// The clocks that run: name, whose, from, by.
	clocks() {
		const s = this.state;
		const at = (...states) => states.includes(s);
		const found = [];
		if (at('received', 'triage', 'returned', 'arbitration'))
			found.push(['dispatch', '', 0, lengths.dispatch]);
		if (at('dispatched'))
			found.push(['sign', '', this.dispatchedAt, this.signBy]);
		if (!this.contacted && at('triage', 'dispatched', 'accepted',
			'returned', 'arbitration'))
			found.push(['contact', '', 0, this.contactBy]);
		if (open.includes(s) && s !== 'waiting_submitter')
			found.push(['answer', '', this.answerFrom, this.answerBy]);
		if (at('answered', 'revisit'))
			found.push(['revisit', '', this.answeredAt, this.revisitBy]);
		if (at('dispatched', ...worked))
			for (const [who, a] of this.assist)
				if (a.is === 'open')
					found.push(['assist', who, a.from, a.by]);
		return found;
	}

	thresholds() {
		return this.clocks().flatMap(([clock, who, from, by]) =>
			levels.map((level) => ({ clock, who, by, level,
				at: from + (by - from) * level / 100 })));
	}

	// When time has to look at it next.
	arm() {
		const next = this.thresholds().map((t) => t.at);
		if (this.state === 'waiting_submitter')
			next.push(...[7, 12, 15].map((d) => this.pausedAt + d * day));
		this.tickAt = Math.min(Infinity,
			...next.filter((at) => at > this.ticked));
	}

	breach(clock, who, by) {
		if (by < this.now)
			this.miss(clock, who, by);
	}

	miss(clock, who, by) {
		const key = `${clock} ${who} ${by}`;
		if (!this.missed.has(key))
			this.breaches++;
		this.missed.add(key);
	}

	// Clocks that end: late ones are late also when no tick saw it.
	end(names, only) {
		for (const [clock, who, , by] of this.clocks())
			if (names.includes(clock) && (!only || who === only)) {
				this.breach(clock, who, by);
				if (clock === 'answer')
					this.ends++;
			}
	}

	// What has come due of it.
	look() {
		for (const t of this.thresholds().sort((a, b) => a.at - b.at)) {
			if (t.at <= this.ticked || t.at > this.now)
				continue;
			this.noted++;
			if (t.level === 100)
				this.miss(t.clock, t.who, t.by);
		}
		if (this.state === 'waiting_submitter' &&
		    this.pausedAt + 15 * day <= this.now) {
			this.ends++;
			this.state = 'closed_incomplete';
			this.freeDuplicates();
		}
		this.ticked = this.now;
		this.arm();
	}

	freeDuplicates() {
		for (const d of this.duplicates)
			d.unlink();
		this.duplicates.clear();
	}

	unlink() {
		this.state = this.was;
		this.main = null;
		for (const [clock, who, , by] of this.clocks())
			this.breach(clock, who, by);
		this.starts++;
		this.arm();
	}

	sign(who) {
		if (this.state !== 'dispatched')
			return;
		this.end(['sign']);
		this.handler = who;
		this.state = 'accepted';
	}

	contact() {
		if (this.contacted)
			return;
		this.end(['contact']);
		this.contacted = true;
	}

	resume() {
		const shift = (by) => (by > this.pausedAt ?
			by + this.now - this.pausedAt : by);
		this.resumes += shift(this.answerBy) - this.answerBy;
		this.answerBy = shift(this.answerBy);
		for (const a of this.assist.values())
			if (a.is === 'open')
				a.by = shift(a.by);
	}

	goOn() {
		this.resume();
		this.state = 'in_progress';
	}

	lead_(lead, assisting) {
		this.end(['dispatch', 'sign', 'assist']);
		this.pending = null;
		this.lead = lead;
		this.handler = null;
		this.dispatchedAt = this.now;
		this.signBy = this.now + lengths.sign;
		for (const who of assisting)
			if (!this.assist.has(who))
				this.assist.set(who, { is: 'open', from: this.now,
					by: Math.min(this.now + lengths.assist,
						Math.max(this.answerBy, this.now + 1)) });
			else if (this.assist.get(who).is === 'released')
				this.assist.get(who).is = 'open';
		for (const [who, a] of this.assist)
			if (a.is === 'open' && !assisting.includes(who))
				a.is = 'released';
		this.state = 'dispatched';
	}

	takeUp() {
		this.state = 'reopened';
		this.round++;
		this.answerFrom = this.now;
		this.answerBy = this.now + lengths.answer;
		this.resumes = 0;
		this.attempts = [];
		this.rated = false;
		this.granted = new Set();
		this.starts++;
	}
}

// Time passes for one of them; the tick looks at all that are due then.
export function pass(f, minutes, all) {
	f.now += minutes;
	const due = [...all.values()].filter((one) => one.tickAt <= one.now);
	for (const one of due)
		one.look();
}

// Who is what to it.
const isLead = (f, who) => departments[who] === f.lead;
const decides = (f, who) => office.has(who) && (f.lead === 'office' ||
	['received', 'triage', 'returned', 'arbitration', 'closed_duplicate']
		.includes(f.state));

function nextLevel(f, who) {
	let department = f.lead;
	for (let level = 0; department; level++) {
		const free = approvers[department].filter((a) => a !== who);
		if (free.length > 0 && !f.granted.has(level))
			return { level, department };
		department = superior[department];
	}
	return null;
}

const inTime = (f, until, plan) => f.answerBy > f.now &&
	until > f.answerBy && (plan || until <=
		f.answerFrom + 21 * day + f.resumes);

// Each: may it be? and then it is done. `others` are all feedbacks by number.
export const acts = {
	triage: {
		may: (f, who, p) => decides(f, who) && (p.outside ?
			['received', 'triage', 'returned', 'dispatched', 'accepted',
				'in_progress'] : ['received', 'returned'])
			.includes(f.state),
		do(f, who, p) {
			if (!p.outside) {
				f.state = 'triage';
				return;
			}
			f.answers.push('not_accepted');
			f.end(['answer', 'dispatch', 'sign', 'contact', 'assist']);
			f.pending = null;
			f.state = 'closed_not_accepted';
		},
	},
	dispatch: {
		may: (f, who, p) => decides(f, who) && ['received', 'triage',
			'returned', 'dispatched', 'waiting_submitter', ...worked]
			.includes(f.state) && !p.assisting.includes(p.lead),
		do(f, who, p) {
			if (f.state === 'waiting_submitter')
				f.goOn();
			f.lead_(p.lead, p.assisting);
		},
	},
	arbitrate: {
		may: (f, who, p) => decides(f, who) && f.state === 'arbitration' &&
			!p.assisting.includes(p.lead),
		do(f, who, p) {
			f.bound = true;
			f.lead_(p.lead, p.assisting);
		},
	},
	return: {
		may: (f, who, p) => isLead(f, who) && !f.bound &&
			['dispatched', 'accepted'].includes(f.state) &&
			p.suggestion !== departments[who],
		do(f) {
			f.end(['sign']);
			f.returns++;
			f.state = f.returns === 1 ? 'returned' : 'arbitration';
			f.breach('dispatch', '', lengths.dispatch);
		},
	},
	accept: {
		may: (f, who) => isLead(f, who) && f.state === 'dispatched',
		do: (f, who) => f.sign(who),
	},
	contact: {
		may: (f, who) => isLead(f, who) &&
			['dispatched', ...worked].includes(f.state),
		do(f, who) {
			f.sign(who);
			f.contact();
			if (f.state !== 'scheduled')
				f.state = 'in_progress';
		},
	},
	ask: {
		may: (f, who) => isLead(f, who) &&
			['dispatched', ...worked].includes(f.state),
		do(f, who) {
			f.sign(who);
			f.contact();
			for (const [clock, of, , by] of f.clocks())
				f.breach(clock, of, by);
			f.pausedAt = f.now;
			f.state = 'waiting_submitter';
		},
	},
	supply: {
		may: (f, who) => ['submitter', 'ka'].includes(who) &&
			f.state === 'waiting_submitter',
		do: (f) => f.goOn(),
	},
	assist: {
		may: (f, who) => f.assist.get(departments[who])?.is === 'open' &&
			['dispatched', 'waiting_submitter', ...worked]
				.includes(f.state),
		do(f, who) {
			f.end(['assist'], departments[who]);
			f.assist.get(departments[who]).is = 'signed';
		},
	},
	extend: {
		may: (f, who, p) => isLead(f, who) && worked.includes(f.state) &&
			!f.pending && inTime(f, p.until, p.plan) &&
			nextLevel(f, who) !== null,
		do(f, who, p) {
			f.pending = { ...nextLevel(f, who), who, ...p };
		},
	},
	approve: {
		may: (f, who) => f.pending && worked.includes(f.state) &&
			approvers[f.pending.department].includes(who) &&
			who !== f.pending.who &&
			inTime(f, f.pending.until, f.pending.plan),
		do(f) {
			f.answerBy = f.pending.until;
			f.granted.add(f.pending.level);
			if (f.pending.plan)
				f.state = 'scheduled';
			f.pending = null;
		},
	},
	answer: {
		may: (f, who, p) => isLead(f, who) && ['dispatched',
			'waiting_submitter', ...worked].includes(f.state) &&
			(p.without || ![...f.assist.values()].some((a) =>
				a.is === 'open')),
		do(f, who, p) {
			f.sign(who);
			f.contact();
			if (f.state === 'waiting_submitter')
				f.goOn();
			f.end(['answer', 'assist']);
			f.answers.push(p.outcome);
			f.answerer = [...f.answerer ?? [], who];
			f.pending = null;
			f.answeredAt = f.now;
			f.revisitBy = f.now + lengths.revisit;
			f.state = 'answered';
		},
	},
	revisit: {
		may: (f, who, p) => (isLead(f, who) || office.has(who)) &&
			['answered', 'revisit'].includes(f.state) &&
			f.handler !== who && !f.answerer.includes(who) &&
			(p.solved !== 'unreached' || !f.attempts.some((at) =>
				f.now - at <= p.sinceMidnight)),
		do(f, who, p) {
			const outcome = f.answers.at(-1);
			const unreached = p.solved === 'unreached';
			if (unreached) {
				f.attempts.push(f.now);
				if (f.attempts.length < 3) {
					f.state = 'revisit';
					return;
				}
			}
			f.end(['revisit']);
			if (unreached)
				f.state = outcome === 'resolved' ? 'closed_resolved' :
					'closed_explained';
			else if (p.solved === 'yes')
				f.state = 'closed_resolved';
			else if (p.solved === 'no' &&
				['resolved', 'partly'].includes(outcome))
				f.takeUp();
			else
				f.state = 'closed_explained';
			f.closedAt = f.now;
		},
	},
	rate: {
		may: (f, who) => who === 'submitter' && !f.rated && ['answered',
			'revisit', 'closed_resolved', 'closed_explained']
			.includes(f.state),
		do(f, who, p) {
			f.rated = true;
			if (p.solved !== 'yes' || f.state.startsWith('closed'))
				return;
			f.end(['revisit']);
			f.state = 'closed_resolved';
			f.closedAt = f.now;
		},
	},
	reopen: {
		may: (f, who) => who === 'submitter' && ['answered', 'revisit',
			'closed_resolved', 'closed_explained'].includes(f.state) &&
			f.now - (f.state.startsWith('closed') ? f.closedAt :
				f.answeredAt) <= 15 * day,
		do(f) {
			f.end(['revisit']);
			f.takeUp();
		},
	},
	withdraw: {
		may: (f, who) => who === 'submitter' && open.includes(f.state),
		do(f) {
			if (f.state === 'waiting_submitter')
				f.ends++;
			f.end(['dispatch', 'sign', 'contact', 'answer', 'assist']);
			f.pending = null;
			f.state = 'closed_withdrawn';
			f.freeDuplicates();
		},
	},
	link: {
		may: (f, who, p, others) => {
			const main = others.get(p.main);
			return office.has(who) && open.includes(f.state) &&
				main !== f && main.main === null &&
				!['closed_withdrawn', 'closed_incomplete',
					'closed_not_accepted'].includes(main.state) &&
				f.duplicates.size === 0;
		},
		do(f, who, p, others) {
			if (f.state === 'waiting_submitter')
				f.ends++;
			f.end(['dispatch', 'sign', 'contact', 'answer', 'assist']);
			f.pending = null;
			f.was = f.state;
			f.state = 'closed_duplicate';
			f.main = others.get(p.main);
			f.main.duplicates.add(f);
		},
	},
	unlink: {
		may: (f, who) => office.has(who) && f.state === 'closed_duplicate',
		do(f) {
			f.main.duplicates.delete(f);
			f.unlink();
		},
	},
};
