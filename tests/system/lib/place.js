// SPDX-License-Identifier: Apache-2.0
// Where things are: tests/run says it in the environment.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = process.env.HUIYIN_ROOT ??
	dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const build = process.env.HUIYIN_BUILD ?? `${root}/build-tests`;
export const long = Boolean(process.env.HUIYIN_LONG);
export const scratch = process.env.HUIYIN_SCRATCH;
// Under ASan everything is slower: a bound in seconds is stretched.
export const patience = Number(process.env.HUIYIN_PATIENCE ?? 1);
