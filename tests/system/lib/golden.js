// SPDX-License-Identifier: Apache-2.0
// Makes the golden folder once a run: a cluster at rest with the regions and a
// small county, its secrets, an authority. usage: node lib/golden.js FOLDER
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Authority } from './pki.js';
import { Postgres } from './postgres.js';
import { admin } from './world.js';
import { root } from './place.js';

const [folder] = process.argv.slice(2);
const secretFile = `${folder}/installation`;
const county = '422802000000';
const secrets = {};
const kiosks = {}; // name -> village
const pg = new Postgres(`${folder}/pg`);

async function run(args, input) {
	const done = await admin(pg.conninfo('postgres'), secretFile, args, input);
	if (done.code !== 0)
		throw new Error(`huiyin-admin ${args.join(' ')}: ${done.code} ` +
			done.err);
	return done.out.trim() ? JSON.parse(done.out.trim().split('\n').at(-1)) :
		{};
}

// The first villages of the first townships: {township: [village, ...]}.
function someVillages(townships, villages) {
	const found = {};
	for (const line of readFileSync(
		`${root}/sql/data/regions-422802.csv`, 'utf8').split('\n')) {
		const [code, , level] = line.trim().split(',');
		const township = code?.slice(0, 9) + '000';
		if (level !== 'village')
			continue;
		if (!found[township] && Object.keys(found).length === townships)
			continue;
		found[township] ??= [];
		if (found[township].length < villages)
			found[township].push(code);
	}
	return found;
}

async function addStaff(login, role, department) {
	secrets[login] = randomBytes(12).toString('hex');
	await run(['staff', 'add', login, '--roles', role, '--department',
		department, '--display-name', login], secrets[login]);
}

async function addDepartment(code, region, ...more) {
	await run(['department', 'add', code, '--name', `${code} office`,
		'--region', region, ...more]);
	await addStaff(`${code}-clerk`, 'clerk', code);
	await addStaff(`${code}-approver`, 'approver', code);
}

async function addKiosk(village) {
	const name = `${village}-1`;
	await run(['station', 'add', '--code', `S-${village}`, '--region', village,
		'--name', `station ${village}`]);
	await run(['kiosk', 'add', `S-${village}`, '--name', name]);
	secrets[name] = (await run(['kiosk', 'enrol', name])).secret;
	kiosks[name] = village;
}

async function main() {
	writeFileSync(secretFile, randomBytes(32).toString('hex'),
		{ mode: 0o600 });
	new Authority(`${folder}/tls`).issue('server');
	await pg.start();
	await pg.rows("create database huiyin template template0 encoding 'utf8' " +
		"locale 'C.UTF-8'", 'postgres');
	await run(['db', 'migrate']);
	await run(['region', 'import', `${root}/sql/data/regions-422802.csv`,
		'--county', county]);
	await run(['county', 'set', county, '--name', '利川市']);
	await run(['calendar', 'import', `${root}/sql/data/calendar-cn-2026.csv`]);
	const townships = someVillages(3, 3);
	const [here, there, third] = Object.keys(townships);
	await addDepartment('office', county, '--coordinating');
	await addStaff('coordinator', 'coordinator', 'office');
	await addDepartment('commerce', county);
	await addDepartment('transport', county);
	await addDepartment('strict', county, '--approval', 'other');
	await addDepartment('township', here);
	for (const role of ['keeper', 'relay', 'auditor', 'admin'])
		await addStaff(role, role, 'office');
	for (const villages of Object.values(townships))
		for (const village of villages)
			await addKiosk(village);
	await pg.rest();
	writeFileSync(`${folder}/county.json`, JSON.stringify({ county, secrets,
		kiosks, townships, here, there, third }), { mode: 0o600 });
}

await main();
