// SPDX-License-Identifier: Apache-2.0
// A village at the end of a thin line: a network namespace of our own, joined
// to us by a veth pair that can be taken down and made slow.
import { execFileSync } from 'node:child_process';
import { atEnd } from './processes.js';

const ip = (...args) => execFileSync('ip', args, { stdio: 'pipe' });

export class Village {
	/** Throws where none can be made: not root, no veth, no tbf. */
	constructor() {
		const name = `hy${process.pid}`, net = `10.213.${process.pid % 256}`;

		Object.assign(this, { name, ours: `${name}a`, theirs: `${name}b`,
			address: `${net}.1` });
		ip('netns', 'add', name);
		atEnd(() => this.end());
		ip('link', 'add', this.ours, 'type', 'veth', 'peer', 'name',
			this.theirs, 'netns', name);
		ip('address', 'add', `${this.address}/30`, 'dev', this.ours);
		ip('-n', name, 'address', 'add', `${net}.2/30`, 'dev', this.theirs);
		ip('-n', name, 'link', 'set', 'lo', 'up');
		ip('-n', name, 'link', 'set', this.theirs, 'up');
		ip('link', 'set', this.ours, 'up');
		this.narrow(1000);
	}

	/** A command in front of a program that is to live there. */
	get through() {
		return ['nsenter', `--net=/run/netns/${this.name}`];
	}

	/** down or up, as seen from the village: it has lost its carrier. */
	set(how) {
		ip('link', 'set', this.ours, how);
	}

	/** Both ways carry no more than so many kbit a second. */
	narrow(kbit) {
		const shape = ['root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '4kb',
			'latency', '400ms'];
		const tc = (...args) => execFileSync('tc', args, { stdio: 'pipe' });

		tc('qdisc', 'replace', 'dev', this.ours, ...shape);
		tc('-n', this.name, 'qdisc', 'replace', 'dev', this.theirs, ...shape);
	}

	end() {
		if (this.over)
			return;
		this.over = true;
		ip('netns', 'del', this.name); // and the pair with it
	}
}
