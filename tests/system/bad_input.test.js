// SPDX-License-Identifier: Apache-2.0
// Bad input gets a refusal with its reason, in both languages, and a good
// session works after each as before.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newRef } from './lib/ref.js';
import { refusals } from './lib/schema.js';
import { county, feedback, notice } from './lib/world.js';

const ping = '"jsonrpc":"2.0","id":1,"method":"ping"';
const deep = (n) => `{${ping},"params":{"a":${'['.repeat(n)}` +
	`${']'.repeat(n)}}}`;

// name, what is sent, the tag, and the path where there is one.
const messages = [
	['malformed JSON', '{"jsonrpc":', 'bad_json'],
	['an empty message', '', 'bad_json'],
	['no object', '[]', 'bad_request'],
	['a batch array', `[{${ping}}]`, 'bad_request'],
	['a word', '"ping"', 'bad_json'],
	['something behind it', `{${ping}} {}`, 'bad_json'],
	['duplicate keys', `{${ping},"id":2}`, 'duplicate_key'],
	['duplicate keys by escapes', `{${ping},"params":{"a":1,"\\u0061":2}}`,
		'duplicate_key'],
	['depth', deep(7), 'too_deep'],
	['great depth', deep(20000), 'too_deep'],
	['NUL by escape', `{${ping},"params":{"a":"\\u0000"}}`, 'bad_json'],
	['a raw NUL', `{${ping},"params":{"a":"\0"}}`, 'bad_json'],
	['a lone surrogate', `{${ping},"params":{"a":"\\ud800"}}`, 'bad_json'],
	['a huge number', `{${ping},"params":{"a":1e999}}`, 'bad_json'],
	['a huge integer', `{${ping},"params":{"a":${'9'.repeat(40)}}}`,
		'bad_json'],
	['no version', '{"id":1,"method":"ping"}', 'bad_request'],
	['no id', '{"jsonrpc":"2.0","method":"ping"}', 'bad_request'],
	['an id of 5,000 characters', `{"jsonrpc":"2.0","method":"ping","id":"${
		'x'.repeat(5000)}"}`, 'bad_request'],
	['an unknown key beside params', `{${ping},"extra":1}`, 'bad_request'],
	['an unknown act', '{"jsonrpc":"2.0","id":1,"method":"nonsense"}',
		'unknown_act', 'method'],
	['an unknown field', `{${ping},"params":{"typo":1}}`, 'unknown_field',
		'typo'],
	['a field of 20,000 characters', `{${ping},"params":{"${
		'利'.repeat(300)}":1}}`, 'unknown_field'],
	['params that are a list', `{${ping},"params":[]}`, 'wrong_type', 'params'],
	['an act above its own size', `{${ping},"params":{"a":"${
		'x'.repeat(2000)}"}}`, 'too_large'],
	['a message of 65,536 bytes', `{${ping},"params":{"a":"${
		'x'.repeat(65536 - 53)}"}}`, 'too_large'],
];

describe('bad input', () => {
	const its = county();
	let world, good, village, clerk, kiosk;

	before(async () => {
		world = its.world;
		[village] = world.townships[world.here];
		good = await world.kiosk(`${world.townships[world.there][0]}-1`);
		kiosk = await world.kiosk(`${village}-1`);
		clerk = await world.staff('commerce-clerk');
	});

	// Nothing lost and nobody disturbed.
	async function goodStillWorks() {
		const text = newRef();
		const { receipt, key } = await good.act('feedback.submit',
			feedback(village, { text }));
		const seen = await good.act('feedback.get', { receipt, key });
		assert.equal(seen.text, text);
	}

	for (const lang of ['en', 'zh-CN'])
		for (const [name, text, tag, path] of messages)
			test(`${name} is refused (${lang}), and the session goes on`,
				async () => {
					const peer = await world.visitor(undefined, { lang });
					const answer = peer.answer();
					peer.raw(text);
					const { error } = await answer;
					assert.equal(error.data.tag, tag);
					if (path)
						assert.equal(error.data.path, path);
					const english = error.message === refusals[tag].message;
					assert.equal(english, lang === 'en');
					await peer.settle();
					await goodStillWorks();
					peer.kill();
				});

	const params = [
		['a wrong type', 'feedback.submit', { text: 7 }, 'wrong_type', 'text'],
		['a missing field', 'feedback.submit', { region: undefined },
			'missing_field', 'region'],
		['an empty text', 'feedback.submit', { text: '' }, 'out_of_bounds',
			'text'],
		['4,001 characters', 'feedback.submit', { text: '利'.repeat(4001) },
			'out_of_bounds', 'text'],
		['an unknown region', 'feedback.submit', { region: '429999999999' },
			'unknown_region', 'region'],
		['an unknown service', 'feedback.submit', { service: 'nonsense' },
			'unknown_service', 'service'],
		['an unknown notice', 'feedback.submit',
			{ about: { notice: 'N-none' } }, 'not_found', 'about.notice'],
		['a time without offset', 'feedback.submit',
			{ at: '2026-01-01T00:00:00' }, 'bad_value', 'at'],
		['an unknown field inside', 'feedback.submit',
			{ about: { notise: 'x' } }, 'unknown_field', 'about.notise'],
	];
	for (const [name, act, more, tag, path] of params)
		test(`${name} is refused by name, and uses up no ref`, async () => {
			const ref = newRef();
			const why = await kiosk.refused(act, feedback(village, more), ref);
			assert.equal(why.tag, tag);
			assert.equal(why.path, path);
			await kiosk.act(act, feedback(village), ref);
			await goodStillWorks();
		});

	test('another department\'s region is refused', async () => {
		const peer = await world.staff('township-clerk');
		assert.equal((await peer.refused('notice.publish',
			notice([world.there]))).tag, 'not_your_region');
	});

	test('a role that may not is told so, and whose it is', async () => {
		const why = await kiosk.refused('notice.publish',
			notice([world.here]));
		assert.equal(why.tag, 'not_allowed');
		assert.match(why.allow, /Roles: clerk, approver, coordinator\./);
		assert.equal((await clerk.refused('notice.receipt', { notice: 'x',
			state: 'read', at: '2026-01-01T08:00:00+08:00' })).tag,
		'not_allowed');
	});

	test('what the command line refuses speaks of its flags', async () => {
		const missing = await world.cli(village + '-1', 'feedback', 'submit',
			'--text', 'x');
		assert.match(missing.err, /--\S+: A field is missing\. Give it a/);
		const wrong = await world.cli('commerce-clerk', 'notice', 'publish',
			'--kind', 'gossip', '--headline', 'x', '--description', 'x',
			'--region', world.here);
		assert.match(wrong.err, /--kind: A field has a value that is not/);
		for (const { err } of [missing, wrong])
			assert.doesNotMatch(err, /\bpath\b|PROTOCOL\.md/);
	});

	test('a writing act whose id is no ref is refused', async () => {
		for (const id of ['x', 7, '019231c8-6d7f-4abc-8def-0123456789ab']) {
			const why = await kiosk.refused('feedback.submit',
				feedback(village), id);
			assert.equal(why.tag, 'bad_ref');
			assert.equal(why.path, 'id');
		}
	});

	test('the longest text there may be is kept whole', async () => {
		const text = '利川🌾'.repeat(1333) + '!';
		const { receipt, key } = await kiosk.act('feedback.submit',
			feedback(village, { text }));
		assert.equal((await kiosk.act('feedback.get', { receipt, key })).text,
			text);
	});

	test('texts that look like something else are only texts', async () => {
		for (const text of ["'; drop table huiyin.feedback; --", '\\', '"',
			'${x}', '{"a":1}', '\u2028x\u2029', '\u202e', '\ufffe\uffff',
			'%s%n', '\u0001\u001f\u007f', '<script>', 'null']) {
			const { receipt, key } = await kiosk.act('feedback.submit',
				feedback(village, { text }));
			assert.equal((await kiosk.act('feedback.get',
				{ receipt, key })).text, text);
		}
	});

	test('times at the edges are taken or refused, never stumbled over',
		async () => {
			for (const at of ['0001-01-01T00:00:00+00:00',
				'9999-12-31T23:59:60-14:59', '2026-01-01T00:00:00.123456789+08:00'])
				await kiosk.act('feedback.submit', feedback(village, { at }));
		});
});

describe('bad frames', () => {
	const its = county();
	let world, good;

	before(async () => {
		world = its.world;
		good = await world.kiosk(Object.keys(world.kiosks)[0]);
	});

	const filler = (bytes) => `{${ping},"params":{"a":"${
		'x'.repeat(bytes - `{${ping},"params":{"a":""}}`.length)}"}}`;

	test('a binary message is refused, and the session goes on', async () => {
		const peer = await world.visitor();
		const answer = peer.answer();
		peer.raw(Buffer.from(`{${ping}}`), { binary: true });
		assert.equal((await answer).error.data.tag, 'binary');
		await peer.settle();
		await good.settle();
	});

	test('a message above max_frame is refused', async () => {
		const peer = await world.visitor();
		assert.equal(peer.greeting.max_frame, 65536);
		const answer = peer.answer();
		peer.raw(filler(65537));
		assert.equal((await answer).error.data.tag, 'too_large');
		await peer.settle();
		await good.settle();
	});

	test('a message of a megabyte does no harm', async () => {
		const peer = await world.visitor();
		const answer = peer.answer().catch(() => undefined);
		peer.raw(filler(1 << 20));
		const said = await Promise.race([answer, peer.closed]);
		assert.ok(said.error?.data.tag === 'too_large' || said.code);
		await good.settle();
	});

	const pieces = (text, count) => {
		const size = Math.ceil(text.length / count);
		return Array.from({ length: count }, (_, i) =>
			text.slice(i * size, (i + 1) * size));
	};
	const sendPieces = (peer, list) => list.forEach((piece, i) =>
		peer.raw(piece, { fin: i === list.length - 1 }));

	test('64 fragments are one message', async () => {
		const peer = await world.visitor();
		const answer = peer.answer();
		sendPieces(peer, pieces(filler(1000), 64));
		const { error } = await answer;
		assert.equal(error.data.tag, 'unknown_field');
	});

	test('65 fragments are too many, and the session goes on', async () => {
		const peer = await world.visitor();
		const answer = peer.answer();
		sendPieces(peer, pieces(filler(1000), 65));
		assert.equal((await answer).error.data.tag, 'too_many_pieces');
		await peer.settle();
		await good.settle();
	});

	test('empty fragments count as well', async () => {
		const peer = await world.visitor();
		const answer = peer.answer().catch(() => undefined);
		const list = ['', ...Array(1000).fill(''), `{${ping}}`];
		sendPieces(peer, list);
		const said = await Promise.race([answer, peer.closed]);
		assert.ok(said.error?.data.tag === 'too_many_pieces' || said.code);
		await good.settle();
	});

	test('fragments that together exceed max_frame are refused', async () => {
		const peer = await world.visitor();
		const answer = peer.answer();
		sendPieces(peer, pieces(filler(70000), 30));
		assert.equal((await answer).error.data.tag, 'too_large');
		await peer.settle();
	});

	test('a character cut by a fragment\'s end is whole again', async () => {
		const peer = await world.kiosk(Object.keys(world.kiosks)[1]);
		const ref = newRef();
		const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: ref,
			method: 'feedback.submit', params: feedback(
				world.townships[world.here][0], { text: '利川' }) }));
		const at = bytes.indexOf(Buffer.from('利')) + 1;
		const answer = peer.answer();
		peer.raw(bytes.subarray(0, at), { fin: false, binary: false });
		peer.raw(bytes.subarray(at), { fin: true, binary: false });
		const { result } = await answer;
		const seen = await peer.act('feedback.get', { receipt: result.receipt,
			key: result.key });
		assert.equal(seen.text, '利川');
	});

	for (const [name, bytes] of [
		['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
		['UTF-8 that ends too soon', Buffer.from('7b22e588', 'hex')],
		['a surrogate in UTF-8', Buffer.from('7b22eda08022', 'hex')],
	])
		test(`${name} in a text message ends in a refusal or a close`,
			async () => {
				const peer = await world.visitor();
				const answer = peer.answer().catch(() => undefined);
				peer.raw(bytes, { binary: false });
				const said = await Promise.race([answer, peer.closed]);
				if (said.code)
					assert.equal(said.code, 1007);
				else
					assert.equal(said.error.data.tag, 'bad_json');
				await good.settle();
			});
});
