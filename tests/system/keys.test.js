// SPDX-License-Identifier: Apache-2.0
// Guessing keys: who opens one session after the other gets no further.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { county } from './lib/world.js';

const number = (n) => `HY-422802-26-${String(900000 + n)}`;

describe('wrong keys', () => {
	const its = county();

	test('of visitors are counted by address, not only by session',
		async () => {
			const tags = [];
			for (let session = 0; session < 5; session++) {
				const peer = await its.world.visitor();
				for (let n = 0; n < 15; n++)
					tags.push((await peer.refused('feedback.get', {
						receipt: number(session * 15 + n),
						key: '0000000000000000' })).tag);
				peer.kill();
			}
			assert.ok(tags.slice(0, 60).every((t) => t === 'not_found'), tags);
			assert.ok(tags.slice(60).every((t) => t === 'rate_limited'), tags);
		});

	test('of visitors do not stop a kiosk at the same address', async () => {
		const { world } = its;
		const kiosk = await world.kiosk(Object.keys(world.kiosks)[0]);
		assert.equal((await kiosk.refused('feedback.get', {
			receipt: number(99), key: '0000000000000000' })).tag,
		'not_found');
	});
});
