// SPDX-License-Identifier: Apache-2.0
// I1(d): where an answer would not mean durable, nothing is answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Refusal } from '../system/lib/peer.js';
import { until } from '../system/lib/wait.js';
import { County } from './lib/county.js';

let county, node;

before(async () => {
	county = await County.make();
	[node] = county.nodes;
});

after(() => county.end());

async function tagOfHello() {
	try {
		(await county.kiosk(Object.keys(county.kiosks)[0])).kill();
		return 'welcome';
	} catch (error) {
		return error instanceof Refusal ? error.tag : error.message;
	}
}

async function refusesFor(setting) {
	let said;

	await until(`/ready names ${setting}`, async () => {
		said = await node.get('/ready');
		return said.status === 503 && JSON.parse(said.text).why
			.startsWith(`${setting} is off`);
	}, { seconds: 15 }).catch((error) => {
		error.message += `: ${said.status} ${said.text}`;
		throw error;
	});
	assert.equal(await tagOfHello(), 'unavailable');
}

async function servesAgain() {
	await until('the node serves again', async () =>
		(await node.get('/ready')).status === 200, { seconds: 15 });
	assert.equal(await tagOfHello(), 'welcome');
}

for (const setting of ['fsync', 'full_page_writes'])
	test(`with ${setting} off nobody is served, also when it is switched ` +
		'off under a living node', async () => {
		await servesAgain();
		await county.pg.rows(`alter system set ${setting} = off`);
		await county.pg.rows('select pg_reload_conf()');
		await refusesFor(setting);
		await node.kill();
		node.launch();
		await until('it is alive', async () =>
			(await node.get('/live')).status === 200);
		await refusesFor(setting);
		await county.pg.rows(`alter system reset ${setting}`);
		await county.pg.rows('select pg_reload_conf()');
		await servesAgain();
	});

test('with synchronous_commit off for its role a node serves nobody',
	async () => {
		await county.pg.rows(
			'alter role huiyin_node set synchronous_commit = off');
		await node.kill();
		node.launch();
		await until('it is alive', async () =>
			(await node.get('/live')).status === 200);
		await refusesFor('synchronous_commit');
		await county.pg.rows(
			'alter role huiyin_node set synchronous_commit = on');
		await servesAgain();
	});
