// SPDX-License-Identifier: Apache-2.0
// Programs that a test starts: each is ended by its pid, also when the test
// fails or is itself stopped.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const living = new Set();
const duties = [];

/**
 * Starts a program; its output goes to the file log. `ended` is a promise of
 * {code, signal}.
 */
export function start(command, args, { log, ...options } = {}) {
	const out = log ? openSync(log, 'a') : 'ignore';
	const child = spawn(command, args,
		{ stdio: ['ignore', out, out], ...options });

	if (log)
		closeSync(out);
	living.add(child);
	child.ended = new Promise((done) => {
		const over = (code, signal) => {
			living.delete(child);
			done({ code, signal });
		};
		child.once('exit', over);
		child.once('error', () => over(127, null));
	});
	return child;
}

/** Has a child that start() gave ended? */
export const hasEnded = (child) => !living.has(child);

/** The children of a process now. */
export function childrenOf(pid) {
	try {
		return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
			.trim().split(' ').filter(Boolean).map(Number);
	} catch {
		return [];
	}
}

/** Sends a signal to processes of which some may have gone. */
export function signalAll(pids, name) {
	for (const pid of pids) {
		try {
			process.kill(pid, name);
		} catch (error) {
			if (error.code !== 'ESRCH')
				throw error;
		}
	}
}

/** Is there a process of this pid that is not a zombie? */
export function isAlive(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat[stat.lastIndexOf(')') + 2] !== 'Z';
	} catch {
		return false;
	}
}

/** Something to be done at the very end, the last first. */
export function atEnd(duty) {
	duties.push(duty);
}

process.on('exit', () => {
	for (const duty of duties.reverse()) {
		try {
			duty();
		} catch (error) {
			console.error(error);
		}
	}
	for (const child of living)
		child.kill('SIGKILL');
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(name, () => process.exit(130));
