// SPDX-License-Identifier: Apache-2.0
// Who may see a feedback: its department, the holder of its key, nobody else;
// and whom it is against, never (I24, I25, I28).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { county, feedback, notice } from './lib/world.js';

describe('a feedback', () => {
	const its = county();
	let world, kiosk, commerce, transport, about, village, filed;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		commerce = await world.staff('commerce-clerk');
		transport = await world.staff('transport-clerk');
		about = (await commerce.act('notice.publish',
			notice([world.here]))).notice;
		filed = await kiosk.act('feedback.submit', feedback(village,
			{ about: { notice: about }, submitter: { kind: 'farmer',
				name: 'Zhang', phone: '13800000000' } }));
	});

	const isUnseen = async (peer, receipt) => {
		const why = await peer.refused('feedback.get', { receipt });
		const none = await peer.refused('feedback.get',
			{ receipt: 'HY-422802-26-999999' });
		assert.equal(why.tag, 'not_found');
		assert.deepEqual(why.error, none.error);
	};

	test('is read by its department, without a key', async () => {
		const seen = await commerce.act('feedback.get',
			{ receipt: filed.receipt });
		assert.equal(seen.text, '补贴什么时候发?');
		assert.equal(seen.submitter.name, 'Zhang');
	});

	test('cannot be read, listed or answered by another department',
		async () => {
			await isUnseen(transport, filed.receipt);
			const { items } = await transport.act('feedback.list');
			assert.deepEqual(items, []);
			assert.equal((await transport.refused('feedback.answer', {
				receipt: filed.receipt, text: 'x', outcome: 'resolved',
			})).tag, 'not_found');
			await transport.settle();
			assert.deepEqual(transport.heard('inbox.changed'), []);
		});

	test('shows the filing kiosk no more than its state', async () => {
		const seen = await kiosk.act('feedback.get',
			{ receipt: filed.receipt });
		assert.deepEqual(Object.keys(seen).sort(),
			['answer_by', 'receipt', 'state']);
	});

	test('shows another kiosk or a visitor nothing', async () => {
		const other = await world.kiosk(
			`${world.townships[world.here][1]}-1`);
		await isUnseen(other, filed.receipt);
		await isUnseen(await world.visitor(), filed.receipt);
		await other.settle();
		assert.deepEqual(other.heard('feedback.changed'), []);
	});

	test('is opened by its key, from anywhere, blanks ignored', async () => {
		const visitor = await world.visitor();
		const spaced = filed.key.replace(/(\d{4})(?=\d)/g, '$1 ');
		for (const key of [filed.key, spaced]) {
			const seen = await visitor.act('feedback.get',
				{ receipt: filed.receipt, key });
			assert.equal(seen.text, '补贴什么时候发?');
			assert.equal(seen.region, village);
		}
	});

	test('keeps its key out of the database', async () => {
		const [[dump]] = await world.pg.rows('select string_agg(t::text, ' +
			"' ') from (select to_jsonb(a) t from huiyin.act a union all " +
			'select to_jsonb(f) from huiyin.feedback f union all ' +
			'select to_jsonb(u) from huiyin.audit u) x');
		assert.ok(dump.includes(filed.receipt));
		assert.ok(!dump.includes(filed.key));
	});

	test('with a wrong key is like one that does not exist', async () => {
		const visitor = await world.visitor();
		const key = '1'.repeat(16);
		const wrong = await visitor.refused('feedback.get',
			{ receipt: filed.receipt, key });
		const none = await visitor.refused('feedback.get',
			{ receipt: 'HY-422802-26-999998', key });
		assert.equal(wrong.tag, 'not_found');
		assert.deepEqual(wrong.error, none.error);
	});

	test('is guarded against guessing, known or not, without a closed ' +
		'connection', async () => {
		const tries = async (receipt) => {
			const visitor = await world.visitor();
			const tags = [];
			for (let i = 0; i < 8; i++) {
				const why = await visitor.refused('feedback.get', { receipt,
					key: String(i).repeat(16) });
				tags.push(why.tag);
				if (why.tag === 'rate_limited')
					assert.ok(why.after > 0);
			}
			await visitor.settle();
			return tags;
		};
		const { receipt } = await kiosk.act('feedback.submit',
			feedback(village));
		const known = await tries(receipt);
		const unknown = await tries('HY-422802-26-888888');
		assert.deepEqual(known, unknown);
		assert.equal(known.at(-1), 'rate_limited');
		assert.equal(known[0], 'not_found');
	});

	test('when many are tried from one session, that session waits',
		async () => {
			const visitor = await world.visitor();
			const tags = new Set();
			for (let i = 0; i < 40; i++)
				tags.add((await visitor.refused('feedback.get', {
					receipt: `HY-422802-26-7${String(i).padStart(5, '0')}`,
					key: '0'.repeat(16) })).tag);
			assert.deepEqual([...tags], ['not_found', 'rate_limited']);
			await visitor.settle();
		});

	test('goes by its service where no notice is meant, else to the ' +
		'coordinating office', async () => {
		const office = await world.staff('office-clerk');
		const one = await kiosk.act('feedback.submit', feedback(village));
		assert.equal((await office.act('feedback.get',
			{ receipt: one.receipt })).department.code, 'office');
		await world.admin('route', 'set', 'need', world.county,
			'--department', 'transport');
		const two = await kiosk.act('feedback.submit', feedback(village,
			{ service: 'need' }));
		assert.equal((await transport.act('feedback.get',
			{ receipt: two.receipt })).department.code, 'transport');
	});

	test('hides name and telephone when it is anonymous', async () => {
		const { receipt } = await kiosk.act('feedback.submit', feedback(
			village, { about: { notice: about }, anonymous: true,
				submitter: { kind: 'farmer', name: 'Li', phone: '139' } }));
		const seen = await commerce.act('feedback.get', { receipt });
		assert.equal(seen.anonymous, true);
		assert.doesNotMatch(JSON.stringify(seen), /Li|139/);
		const { items } = await commerce.act('feedback.list');
		assert.doesNotMatch(JSON.stringify(items), /Li|139/);
	});
});

describe('what is said against a department', () => {
	const its = county();
	let world, kiosk, village, accused, office, filed;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		kiosk = await world.kiosk(`${village}-1`);
		accused = [await world.staff('commerce-clerk'),
			await world.staff('commerce-approver')];
		office = await world.staff('office-clerk');
		const { notice: about } = await accused[0].act('notice.publish',
			notice([world.here]));
		await world.admin('route', 'set', 'complaint', world.county,
			'--department', 'commerce');
		filed = [
			await kiosk.act('feedback.submit', feedback(village,
				{ against: { department: 'commerce' }, text: 'CANARY1' })),
			await kiosk.act('feedback.submit', feedback(village,
				{ against: { department: 'commerce' }, text: 'CANARY2',
					about: { notice: about } })),
			await kiosk.act('feedback.submit', feedback(village,
				{ against: { department: 'commerce' }, text: 'CANARY3',
					service: 'complaint' })),
		];
	});

	test('goes to the coordinating office', async () => {
		for (const { receipt } of filed)
			assert.equal((await office.act('feedback.get', { receipt }))
				.department.code, 'office');
	});

	test('is never seen, heard, listed or answered by it', async () => {
		for (const peer of accused) {
			const { items } = await peer.act('feedback.list');
			assert.deepEqual(items, []);
			for (const { receipt } of filed) {
				assert.equal((await peer.refused('feedback.get',
					{ receipt })).tag, 'not_found');
				assert.equal((await peer.refused('feedback.answer',
					{ receipt, text: 'x', outcome: 'explained' })).tag,
				'not_found');
			}
			assert.deepEqual(peer.heard('inbox.changed'), []);
		}
	});

	test('is not seen by it even with the key in hand', async () => {
		const [{ receipt, key }] = filed;
		const why = await accused[0].refused('feedback.get',
			{ receipt, key });
		assert.equal(why.tag, 'not_found');
	});

	test('and against the coordinating office is not seen there', async () => {
		const { receipt } = await kiosk.act('feedback.submit', feedback(
			village, { against: { department: 'office' }, text: 'x' }));
		assert.equal((await office.refused('feedback.get',
			{ receipt })).tag, 'not_found');
		const { items } = await office.act('feedback.list');
		assert.ok(!items.some((i) => i.receipt === receipt));
	});

	test('and a department that does not exist is named', async () => {
		const why = await kiosk.refused('feedback.submit', feedback(village,
			{ against: { department: 'nobody' } }));
		assert.equal(why.tag, 'unknown_department');
		assert.equal(why.path, 'against.department');
	});
});

describe('words of people and secrets', () => {
	const its = county({ nodes: 1, settings: { log_level: 7 } });

	// A word of its own for every personal or secret field.
	test('are in no log, no metrics and no log of PostgreSQL', async () => {
		const { world } = its;
		const [village] = world.townships[world.here];
		const kiosk = await world.kiosk(`${village}-1`);
		const clerk = await world.staff('commerce-clerk');
		const office = await world.staff('office-clerk');
		const said = feedback(village, { text: 'CANARYtext',
			submitter: { kind: 'farmer', name: 'CANARYname',
				phone: 'CANARYphone' },
			filed_by: { name: 'CANARYfiler', relation: 'CANARYrelation' },
			against: { department: 'commerce' } });
		const filed = await kiosk.act('feedback.submit', said);
		await office.act('feedback.answer', { receipt: filed.receipt,
			text: 'CANARYanswer', outcome: 'resolved' });
		await kiosk.act('feedback.get', { receipt: filed.receipt,
			key: filed.key });
		// And whatever goes wrong with them in hand.
		const bad = await world.connect();
		await bad.refused('hello', { protocol: 1, client: 't', as: 'staff',
			name: 'commerce-clerk', secret: 'CANARYpassword' });
		await bad.refused('hello', { protocol: 1, client: 't', as: 'staff',
			name: 'commerce-clerk', token: 'CANARYtoken' });
		await bad.refused('hello', { protocol: 1, client: 't', as: 'kiosk',
			name: `${village}-1`, secret: 'CANARYsecret' });
		await kiosk.refused('feedback.submit', { ...said,
			service: 'CANARYservice' });
		await kiosk.refused('feedback.submit', { ...said, region: 'x' });
		await kiosk.refused('feedback.submit', { ...said,
			submitter: 'CANARYwrongtype' });
		await kiosk.refused('feedback.get', { receipt: filed.receipt,
			key: 'CANARYkey' });
		await clerk.refused('feedback.answer', { receipt: filed.receipt,
			text: 'CANARYrefusedanswer', outcome: 'resolved' });
		// What is no field of the table is somebody's words in the wrong place.
		for (const more of [{ CANARYfield: 1 }, { 'items[13811112222]': 1 },
			{ submitter: { ...said.submitter, CANARYinner: 1 } }])
			assert.equal((await kiosk.refused('feedback.submit',
				{ ...said, ...more })).tag, 'unknown_field');
		await kiosk.refused('CANARYact');
		kiosk.raw('{"jsonrpc":"2.0","id":1,"method":"ping","CANARYkey":1}');
		kiosk.raw('{"CANARYtwice":1,"CANARYtwice":1}');
		kiosk.raw('{"CANARYbroken');
		await kiosk.settle();
		const places = [world.nodes[0].log, world.pg.log,
			(await world.nodes[0].get('/metrics')).text,
			...await processes()];
		const secrets = [...Object.values(world.secrets), filed.key,
			clerk.greeting.token].filter(Boolean);
		for (const text of places) {
			assert.doesNotMatch(text, /CANARY|13811112222/);
			for (const secret of secrets)
				assert.ok(!text.includes(secret), 'a secret is shown');
		}
	});

	test('are not in the log when the database fails in the middle',
		async () => {
			const { world } = its;
			const [village] = world.townships[world.here];
			const kiosk = await world.kiosk(`${village}-1`);
			// An act that SQL cannot carry out: its table has a rule too many.
			await world.pg.rows('alter table huiyin.feedback add constraint ' +
				"no_canary check (said not like 'CANARY%') not valid");
			const why = await kiosk.refused('feedback.submit',
				feedback(village, { text: 'CANARYfailing' }));
			assert.equal(why.tag, 'internal');
			await kiosk.act('feedback.submit', feedback(village));
			assert.doesNotMatch(world.nodes[0].log, /CANARY/);
			assert.doesNotMatch(world.pg.log, /CANARY/);
		});
});

// Command lines and environments of all processes.
async function processes() {
	const { readdirSync, readFileSync } = await import('node:fs');
	const found = [];
	for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n)))
		try {
			found.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
		} catch {
			continue;
		}
	return found.filter((line) => line.includes('huiyin'));
}
