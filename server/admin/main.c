/* SPDX-License-Identifier: Apache-2.0 */
/* huiyin-admin: what needs the database itself. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "exits.h"
#include "wish.h"

int
main(int argc, char **argv)
{
	struct wish w;
	int code;

	/* How wide text is on a terminal needs to know that it is UTF-8. */
	if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (!wish_init(&w, argc, argv, &code))
		return code;
	code = command_at[w.id].run(&w);
	wish_fini(&w);
	if (fflush(stdout) != 0 && code == DONE) {
		fprintf(stderr, "huiyin-admin: the result cannot be written\n");
		code = FAILED;
	}
	return code;
}
