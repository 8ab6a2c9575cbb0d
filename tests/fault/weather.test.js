// SPDX-License-Identifier: Apache-2.0
// I6: PostgreSQL gone, standing still, full of connections, on a full disk.
// Nothing is acknowledged meanwhile, nothing is lost, and service is back
// within five seconds of PostgreSQL.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pause, until, within } from '../system/lib/wait.js';
import { County, say } from './lib/county.js';
import { atEnd, childrenOf, signalAll, start } from './lib/processes.js';
import { Submitter, compare } from './lib/submitter.js';

const BACK_MS = 5000;
const OUTAGE_MS = 2500;
const CONNECTIONS = 20;
const psql = '/usr/lib/postgresql/15/bin/psql';

let county, submitters, runs, whyNoDisk;

const settled = () => submitters.map((s) => s.settled);

/** A small disk for the cluster; without it the last test is skipped. */
function mountDisk({ folder }) {
	const disk = `${folder}/mount`;

	mkdirSync(disk);
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=755', 'tmpfs',
		disk]);
	atEnd(() => execFileSync('umount', ['-l', disk]));
	return disk;
}

before(async () => {
	county = await County.make({ nodes: 2,
		settings: { acts_per_second: 100000, pg_timeout_seconds: 3 },
		postgres: { max_connections: CONNECTIONS, max_wal_size: '80MB' },
		prepare: (made) => {
			try {
				made.disk = mountDisk(made);
			} catch (error) {
				whyNoDisk = 'no tmpfs can be mounted: not root?';
			}
			return made.copyData(made.disk ?? `${made.folder}/pg`);
		} });
	submitters = Object.keys(county.kiosks).slice(0, 2)
		.map((name) => new Submitter(county, name));
	runs = submitters.map((s) => s.run());
	await served();
});

after(async () => {
	submitters.forEach((s) => s.abandon());
	await Promise.all(runs);
	await county.end();
});

/** Both kiosks are served anew; how long that took, in ms. */
async function served(seconds = 20) {
	const was = settled();
	const began = performance.now();

	await until('both kiosks are served', () =>
		settled().every((n, i) => n > was[i] + 20), { seconds, every: 5 });
	return performance.now() - began;
}

/** Once what was on its way has come in, nothing is acknowledged. */
async function nothingIsAcknowledged() {
	let was;

	await until('acknowledgements end', async () => {
		was = settled();
		await pause(500);
		return String(settled()) === String(was);
	}, { every: 1 });
	await pause(OUTAGE_MS);
	assert.deepEqual(settled(), was, 'acknowledged without a database');
}

/** As a node would: is there a place for one more? */
async function databaseIsBack() {
	const began = performance.now();

	await until('PostgreSQL is back', () => {
		execFileSync(psql, ['-Xqc', 'select 1', county.pg
			.conninfo('huiyin_node')], { stdio: 'ignore', timeout: 5000 });
		return true;
	}, { seconds: 60, every: 50 });
	return performance.now() - began;
}

async function isBackInTime(what) {
	const database = await databaseIsBack();
	const took = await served();

	say(`${what}: PostgreSQL back after ${Math.round(database)} ms, ` +
		`service ${Math.round(took)} ms later`);
	assert.ok(took <= BACK_MS, `service took ${took} ms`);
	assert.deepEqual(submitters.flatMap((s) => s.wrong), []);
}

test('a stopped PostgreSQL (immediate) is waited for', async () => {
	await county.pg.stop('SIGQUIT');
	await nothingIsAcknowledged();
	await county.pg.start();
	await isBackInTime('stopped');
});

test('a PostgreSQL that stands still is waited for', async () => {
	const all = [county.pg.pid, ...childrenOf(county.pg.pid)];

	signalAll(all, 'SIGSTOP');
	try {
		await nothingIsAcknowledged();
	} finally {
		signalAll(all, 'SIGCONT');
	}
	await isBackInTime('stood still');
});

test('a PostgreSQL without a free connection is waited for', async () => {
	const hogs = [];

	try {
		await until('others have all connections', async () => {
			await county.pg.rows('select pg_terminate_backend(pid) ' +
				"from pg_stat_activity where application_name like 'huiyind%'");
			for (let i = 0; i < CONNECTIONS; i++)
				hogs.push(start(psql, ['-Xqc', 'select pg_sleep(120)',
					county.pg.conninfo('huiyin_node')]));
			await pause(300);
			return (await county.pg.backendsLike('huiyind%')).length === 0;
		}, { seconds: 30, every: 1 });
		await nothingIsAcknowledged();
		assert.equal((await county.pg.backendsLike('huiyind%')).length, 0);
	} finally {
		hogs.forEach((hog) => hog.kill('SIGKILL'));
		await county.pg.rows('select pg_terminate_backend(pid) ' +
			"from pg_stat_activity where application_name = 'psql' " +
			'and pid <> pg_backend_pid()');
	}
	await isBackInTime('without connections');
});

/** Fills the disk to its last byte. */
function fill(file) {
	const fd = openSync(file, 'a');
	let size = 1 << 20;

	while (size >= 1) {
		try {
			writeSync(fd, Buffer.alloc(size));
		} catch (error) {
			if (error.code !== 'ENOSPC')
				throw error;
			size >>= 1;
		}
	}
	closeSync(fd);
}

test('a PostgreSQL on a full disk is waited for', async (t) => {
	if (whyNoDisk) {
		t.skip(whyNoDisk);
		return;
	}
	const filler = `${county.disk}/filler`;
	const refill = setInterval(() => fill(filler), 200);

	let panics;

	try {
		await nothingIsAcknowledged();
		for (let i = 0; i < 3; i++) // until a segment of WAL has no room
			await county.pg.rows('select pg_switch_wal()').catch(() => {});
		await nothingIsAcknowledged();
	} finally {
		clearInterval(refill);
		rmSync(filler);
		panics = (county.pg.log.match(/PANIC/g) ?? []).length;
	}
	await county.pg.start(); // it may have given up
	await isBackInTime(`full disk, ${panics} panics`);
});

test('after all that every acknowledged act is there, each once', async () => {
	submitters.forEach((s) => s.stop());
	await within(30, 'all is settled', Promise.all(runs));
	const acts = submitters.reduce((n, s) => n + s.acts.size, 0);
	const count = await compare(county.pg, submitters);

	say(`${acts} acts, ${count.doubled} doubled, ${count.lost} lost`);
	assert.deepEqual(count, { rows: acts, acknowledged: acts, lost: 0,
		doubled: 0, strange: 0 });
});
