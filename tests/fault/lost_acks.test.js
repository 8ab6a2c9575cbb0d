// SPDX-License-Identifier: Apache-2.0
// I2: a network that cuts the line right after an act went up, three times in
// ten: done, and its author never hears of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { long } from '../system/lib/place.js';
import { within } from '../system/lib/wait.js';
import { seed } from './lib/chance.js';
import { County, say } from './lib/county.js';
import { Proxy } from './lib/proxy.js';
import { Submitter, compare } from './lib/submitter.js';

const ACTS = long ? 100000 : 5000;
const KIOSKS = 6;

test(`${ACTS} submissions whose answers are lost make ${ACTS} rows`,
	async () => {
		const county = await County.make({ nodes: 2,
			settings: { acts_per_second: 100000 } });
		const proxy = await Proxy.to(`127.0.0.1:${county.port}`,
			{ 'lose-acks': 0.3, cut: 0.05 });
		const submitters = Object.keys(county.kiosks).slice(0, KIOSKS)
			.map((name, i) => new Submitter(county, name, { url: proxy.url,
				most: Math.floor(ACTS / KIOSKS) + (i < ACTS % KIOSKS) }));

		try {
			await within(long ? 3000 : 200, 'all is settled',
				Promise.all(submitters.map((s) => s.run())));
			assert.deepEqual(submitters.flatMap((s) => s.wrong), []);
			const count = await compare(county.pg, submitters);
			const weather = await proxy.stats();
			const resent = submitters.reduce((n, s) => n + s.resent, 0);

			say(`seed ${seed}: ${ACTS} acts, ${resent} sent again, ` +
				`${weather.lost_acks + weather.cut} of ` +
				`${weather.connections} connections cut, ` +
				`${count.doubled} doubled, ${count.lost} lost`);
			assert.deepEqual(count, { rows: ACTS, acknowledged: ACTS,
				lost: 0, doubled: 0, strange: 0 });
			assert.ok(resent > ACTS / 10, 'too little was sent again');
		} finally {
			submitters.forEach((s) => s.abandon());
			await proxy.end();
			await county.end();
		}
	});
