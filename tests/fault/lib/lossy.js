// SPDX-License-Identifier: Apache-2.0
// A folder on lossyfs: what was never fsynced there can be lost.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync,
	readFileSync } from 'node:fs';
import { build } from '../../system/lib/place.js';
import { until, within } from '../../system/lib/wait.js';
import { between } from './chance.js';
import { atEnd, hasEnded, start } from './processes.js';

const program = `${build}/fault/lossyfs`;

/** Why there can be no lossyfs here; undefined when there can. */
export function whyNotLossy() {
	if (process.getuid() !== 0)
		return 'only root mounts for postgres';
	if (!existsSync(program))
		return 'lossyfs is not built: no libfuse3-dev';
	try {
		accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
	} catch {
		return 'no /dev/fuse';
	}
	return undefined;
}

/** As the kernel knows it: a mount whose program has gone answers nobody. */
const isMounted = (folder) => readFileSync('/proc/self/mountinfo', 'utf8')
	.split('\n').some((line) => line.split(' ')[4] === folder);

const unmount = (folder) =>
	execFileSync('umount', ['-l', folder], { stdio: 'ignore' });

export class Lossy {
	/** parent: a folder; in it comes `mount`, shown from `disk`. */
	constructor(parent, environment = {}) {
		Object.assign(this, { disk: `${parent}/disk`,
			mount: `${parent}/mount`, log: `${parent}/lossyfs.log`,
			environment });
		mkdirSync(this.disk);
		mkdirSync(this.mount);
		atEnd(() => isMounted(this.mount) && unmount(this.mount));
	}

	/** environment: more of it, this time. */
	async on(environment = {}) {
		this.child = start(program, ['-f', '-s', '-o',
			'allow_other,default_permissions', this.disk, this.mount],
		{ log: this.log, env: { PATH: process.env.PATH,
			LOSSY_SEED: String(between(1, 1e9)), ...this.environment,
			...environment } });
		await until('lossyfs is mounted', () => isMounted(this.mount),
			{ every: 10 });
	}

	/** How often it has said that a fault happened. */
	get faults() {
		return readFileSync(this.log, 'utf8').split('lossyfs: LOSSY').length -
			1;
	}

	/** SIGUSR1: all that was not synced is lost; SIGUSR2: a coin's toss. */
	async off(name) {
		this.child.kill(name);
		await until('lossyfs has ended', () => {
			try { // it looks up when it is asked for something
				readdirSync(this.mount);
			} catch {
				// it has gone
			}
			return hasEnded(this.child);
		});
		await within(5, 'its end', this.child.ended);
		while (isMounted(this.mount))
			unmount(this.mount);
	}
}
