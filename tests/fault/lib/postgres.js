// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL whose postmaster is our own child, so that it can be killed,
// stopped and started by its pid.
import { Postgres } from '../../system/lib/postgres.js';
import { until } from '../../system/lib/wait.js';
import { childrenOf, hasEnded, isAlive, signalAll, start } from
	'./processes.js';

const program = '/usr/lib/postgresql/15/bin/postgres';
const asOwner = process.getuid() === 0 ?
	['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] :
	['env'];

export class OwnPostgres extends Postgres {
	/** folder: for its socket; data: its files, when they are elsewhere. */
	constructor(folder, { settings = {}, data = `${folder}/data` } = {}) {
		super(folder);
		Object.assign(this, { data, settings, child: null });
	}

	get pid() {
		return this.child.pid;
	}

	get postmaster() {
		return this.child.pid;
	}

	#launch() {
		const settings = { unix_socket_directories: this.folder, port: 6543,
			...this.settings };
		const [command, ...args] = [...asOwner, program, '-D', this.data,
			...Object.entries(settings)
				.flatMap(([name, value]) => ['-c', `${name}=${value}`])];

		this.child = start(command, args,
			{ log: `${this.folder}/postgres.log`, cwd: this.data });
	}

	/** Starts it and waits until it answers. */
	async start(seconds = 30) {
		await until('PostgreSQL answers', () => {
			if (!this.child || hasEnded(this.child))
				this.#launch();
			return this.value('select 1');
		}, { seconds });
		return this;
	}

	/** SIGINT: fast; SIGQUIT: immediate. */
	async stop(name = 'SIGINT') {
		if (!this.child)
			return;
		const pids = [this.pid, ...childrenOf(this.pid)];

		this.child.kill(name);
		await this.#goneAfter(pids);
	}

	/** kill -9 of the postmaster, and of its children when all is true. */
	async kill(all = false) {
		const pids = [this.pid, ...childrenOf(this.pid)];

		signalAll(all ? pids : [this.pid], 'SIGKILL');
		await this.#goneAfter(pids);
	}

	async #goneAfter(pids) {
		await until('what a postmaster leaves behind is gone',
			() => !pids.some(isAlive), { seconds: 20 });
		await this.child.ended;
		this.child = null;
	}

	/** pids of the backends whose application_name is like a pattern. */
	async backendsLike(pattern) {
		const found = await this.rows('select pid from pg_stat_activity ' +
			`where application_name like '${pattern}'`);
		return found.map(([pid]) => Number(pid));
	}
}
