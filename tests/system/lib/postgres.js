// SPDX-License-Identifier: Apache-2.0
// A throw-away PostgreSQL by tests/lib/cluster.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { root } from './place.js';

const run = promisify(execFile);
const bin = '/usr/lib/postgresql/15/bin';
const cluster = `${root}/tests/lib/cluster`;
export const asOwner = process.getuid() === 0 ?
	['runuser', '-u', 'postgres', '--'] : [];

export class Postgres {
	constructor(folder) {
		this.folder = folder;
	}

	conninfo(user, database = 'huiyin') {
		return `host=${this.folder} port=6543 user=${user} dbname=${database}`;
	}

	// The copy of another cluster's data, as long as that one is down.
	copyFrom(other) {
		execFileSync('cp', ['-a', '--reflink=auto', other, this.folder]);
	}

	async start() {
		await run(cluster, ['start', this.folder]);
		return this;
	}

	async stop() {
		await run(cluster, ['stop', this.folder]).catch(() => {});
	}

	// A clean stop, so that the data can be copied.
	async rest() {
		const command = [...asOwner, `${bin}/pg_ctl`, '-D',
			`${this.folder}/data`, '-w', '-m', 'fast', 'stop'];
		await run(command[0], command.slice(1), { cwd: this.folder });
	}

	get postmaster() {
		return Number(readFileSync(`${this.folder}/data/postmaster.pid`,
			'utf8').split('\n')[0]);
	}

	get log() {
		return readFileSync(`${this.folder}/postgres.log`, 'utf8');
	}

	// One statement; rows of fields as text.
	async rows(sql, database = 'huiyin', user = 'postgres') {
		const { stdout } = await run(`${bin}/psql`, ['-XqAt', '-F', '\x1f',
			'-R', '\x1e', '-v', 'ON_ERROR_STOP=1', '-d',
			this.conninfo(user, database), '-c', sql],
		{ maxBuffer: 1 << 28, cwd: '/tmp' });
		const text = stdout.replace(/\n$/, '');
		return text === '' ? [] :
			text.split('\x1e').map((row) => row.split('\x1f'));
	}

	async value(sql, database) {
		return (await this.rows(sql, database))[0]?.[0];
	}

	// Process ids of the backends of a role.
	async backends(user = 'huiyin_node') {
		const found = await this.rows('select pid from pg_stat_activity ' +
			`where usename = '${user}'`);
		return found.map(([pid]) => Number(pid));
	}
}
