// SPDX-License-Identifier: Apache-2.0
// The conversation of README.md is executed as it is written. (Its two
// commands are: quickstart.test.js runs the one, and this is the other.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { build, root } from './lib/place.js';
import { county } from './lib/world.js';
import { within } from './lib/wait.js';

const readme = readFileSync(`${root}/README.md`, 'utf8');
const [, chapter] = readme.match(/## A conversation\n([^]*?)\n## /);
const conversation = [...chapter.matchAll(/```sh\n([^]*?)```/g)]
	.map(([, commands]) => commands).join('');

// What deploy/quickstart would write, for the county of these tests.
function writeDemoEnv(world) {
	const village = world.townships[world.here][0];
	const names = { CLERK: 'commerce-clerk', COORDINATOR: 'coordinator',
		KIOSK: `${village}-1` };
	const lines = [`PATH='${build}/bin':"$PATH"`,
		`HUIYIN_URL='${world.nodes[0].url}'`,
		`HUIYIN_CA='${world.golden}/tls/ca.pem'`,
		`HUIYIN_KIOSK_REGION='${village}'`];
	for (const [who, name] of Object.entries(names)) {
		const file = `${world.folder}/${who}`;
		writeFileSync(file, world.secrets[name]);
		chmodSync(file, 0o600);
		lines.push(`HUIYIN_${who}_NAME='${name}'`,
			`HUIYIN_${who}_SECRET_FILE='${file}'`);
	}
	writeFileSync(`${world.folder}/demo.env`,
		lines.map((line) => `export ${line}\n`).join(''));
}

// Its listener listens on until it has shown `words`; it is in a group of its
// own, as in a shell that somebody types into: what it started ends with it.
function shell(script, words) {
	const child = spawn('/bin/bash', ['-e', '-o', 'pipefail', '-c',
		`set -m; trap 'kill -- -$!; wait' EXIT\n${script}\nread -r || true`]);
	let said = '';
	const hear = (text) => {
		said += text;
		if (words.test(said))
			child.stdin.end();
	};
	child.stdout.on('data', hear);
	child.stderr.on('data', hear);
	return within(60, 'README\'s conversation', new Promise((done) => {
		child.on('close', (code) => done({ code, said }));
	}));
}

describe('README.md', () => {
	const its = county({ nodes: 1 });

	test('its conversation goes as it is written', async () => {
		const { world } = its;
		assert.ok(world.secrets.coordinator, 'the county has a coordinator');
		writeDemoEnv(world);
		const { code, said } = await shell(
			conversation.replaceAll('DIR/', `${world.folder}/`),
			/电商培训补贴/);
		assert.equal(code, 0, said);
		assert.match(said, /电商培训补贴/);
		assert.match(said, /HY-422802-\d\d-\d{6}/);
		assert.match(said, /在哪里报名/);
	});
});
