// SPDX-License-Identifier: Apache-2.0
// A ref: UUIDv7 (RFC 9562 section 5.7).
import { randomBytes } from 'node:crypto';

export function newRef(ms = Date.now()) {
	const b = randomBytes(16);
	b.writeUIntBE(ms, 0, 6);
	b[6] = 0x70 | (b[6] & 0x0f);
	b[8] = 0x80 | (b[8] & 0x3f);
	const hex = b.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16),
		hex.slice(16, 20), hex.slice(20)].join('-');
}
