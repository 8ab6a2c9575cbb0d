// SPDX-License-Identifier: Apache-2.0
// huiyin NOUN VERB --csv: lists as spreadsheets read them (RFC 4180), and
// nothing in them that a spreadsheet would run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { county } from './lib/world.js';

// The rows of a text in CSV; every line must end in CRLF.
function rows(text) {
	const all = [];
	let row = [], at = 0;
	while (at < text.length) {
		const [whole, quoted, plain, end] =
			/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y[Symbol.match](
				text.slice(at)) ?? assert.fail(text.slice(at, at + 60));
		row.push(quoted?.replaceAll('""', '"') ?? plain);
		at += whole.length;
		if (end === '\r\n') {
			all.push(row);
			row = [];
		}
	}
	assert.deepEqual(row, []);
	return all;
}

describe('a list as CSV', () => {
	const its = county();
	// Spreadsheets count them: a new one comes last.
	const columns = ['station', 'name', 'region', 'online', 'last_seen',
		'kiosks', 'kiosks_online', 'region_name', 'township_name'];

	const named = async (name) => {
		const { world } = its;
		const [village] = world.townships[world.third];
		await world.pg.rows(`update huiyin.station set name = $x$${name}$x$
			where code = 'S-${village}'`);
		const { code, out, err } = await world.cli('coordinator', 'station',
			'list', '--region', village, '--csv');
		assert.equal(code, 0, err);
		const [head, row, ...more] = rows(out);
		assert.deepEqual([head, more], [columns, []]);
		assert.equal(row.length, columns.length);
		assert.deepEqual([row[0], ...row.slice(2, 7)], [`S-${village}`,
			village, 'false', '', '1', '0']);
		return row[1];
	};

	for (const name of ['便民服务站', 'a,b', 'says "yes"', 'two\nlines',
		'two\r\nlines', '-2.5', '+86', '7', '', ' blank', '"'])
		test(`keeps ${JSON.stringify(name)}`, async () => {
			assert.equal(await named(name), name);
		});

	for (const name of ['=1+1', '+SUM(A1)', '-2+3', '@x', '\t=1', ' =1',
		'\r=1', '=HYPERLINK("http://x";"y")', '-', '-2.', '+1 2', '=1,2'])
		test(`defuses ${JSON.stringify(name)}`, async () => {
			assert.equal(await named(name), `'${name}`);
		});

	test('has its names also when it is empty', async () => {
		const { world } = its;
		const { code, out } = await world.cli('commerce-approver', 'notice',
			'drafts', '--csv');
		assert.deepEqual([code, out],
			[0, 'notice,kind,headline,author,state,own,description,' +
				'instruction,lang,audience,expires,ack,drafted_at\r\n']);
	});

	test('is not offered where there is no list, nor with --json', async () => {
		const { world } = its;
		for (const args of [['notice', 'reach', 'X', '--csv'],
			['station', 'list', '--csv', '--json'],
			['--json', 'station', 'list', '--csv'], ['listen', '--csv']]) {
			const { code, out } = await world.cli('coordinator', ...args);
			assert.deepEqual([code, out], [2, ''], args.join(' '));
		}
	});
});
