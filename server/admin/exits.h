/* SPDX-License-Identifier: Apache-2.0 */
/* exits: what the programs of huiyin end with (the same for huiyin itself). */
#ifndef EXITS_H
#define EXITS_H

enum exits {
	DONE = 0,
	FAILED = 1,
	USAGE = 2,
	NOT_REACHABLE = 3,
	REFUSED = 4,
	NOT_FOUND = 5
};

#endif
