// SPDX-License-Identifier: Apache-2.0
// Notices of who accepts deflate, by the dictionary that PROTOCOL.md prints.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const protocol = readFileSync(
	`${process.env.HUIYIN_ROOT}/client-lib/PROTOCOL.md`, 'utf8');
const [, printed] = protocol.split('## The dictionary of deflate');
const dictionary = Buffer.from(printed.split('base64:')[1]
	.replace(/\s/g, '').match(/^[A-Za-z0-9+/=]+/)[0], 'base64');

export const unsqueezed = (data) =>
	inflateSync(data, { dictionary }).toString();
