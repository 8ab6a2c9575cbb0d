#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks themselves: each sees the fault it is for."""
import lint
import manual
import rooms
import shape
import text

SAMPLE = lint.code_only('''
static int
deep(int a, void (*f)(int, int), const char *b, int c, int d, int e)
{
	for (;;)
		while (a) {
			if (b && c || d)
				switch (e) {
				case '{':
					f(1, 2); /* if (x) && */
				}
		}
	return "if (x)"[0] ? 1 : 0;
}

static void
shallow(void)
{
}
''')


HEADER = manual.header.Header('''
/*
 * Of two words:
 *	as_code();
 */
enum hy_word {
	HY_ONE = 1, /* of one,
		       on two lines */
	/* Ahead of it. */
	HY_TWO = 2
};
/* Says it. HY_ERR_DISK. */
HY_API int hy_said(void);
/* Says it. */
HY_API int hy_unsaid(void);
HY_API int hy_bare(int (*f)(int));
''')


def main():
    found = list(shape.functions(SAMPLE))
    facts = [
        ("functions are found", [f[0] for f in found] == ["deep", "shallow"]),
        ("a function pointer is one parameter",
         shape.parameter_count(found[0][1]) == 6),
        ("void is no parameter", shape.parameter_count(found[1][1]) == 0),
        ("nesting is counted", shape.nesting(found[0][2]) == 4),
        ("branches are counted, but not in comments and literals",
         len(shape.BRANCH.findall(found[0][2])) == 7),
        ("lines are counted", found[0][2].count("\n") + 2 == 11),
        ("guards and defaults are no conditionals",
         shape.conditionals("#ifndef A_H\n#define A_H\n#ifndef X\n"
                            "#define X(a)\n#endif\n#ifdef B\n#if C\n") == 2),
        ("an arrow against the order is seen",
         not rooms.may_include(("server", "net"), ("server", "session"),
                               {"net": set()})),
        ("a floor may be stood on",
         rooms.may_include(("server", "net"), ("client-lib", "base"), {})),
        ("the client does not include the server",
         not rooms.may_include(("client-lib", "client"), ("server", "stat"),
                               {})),
        ("an unbounded copy is seen", text.UNBOUNDED.search("strcpy(a, b)")),
        ("what follows on a line and what stands ahead are told apart",
         HEADER.types[0].members == [["HY_ONE = 1", "of one, on two lines"],
                                     ["HY_TWO = 2", "Ahead of it."]]),
        ("code in a comment stays code", "\tas_code();" in HEADER.text),
        ("a function that does not say how it fails is seen",
         [manual.missing(f) for f in HEADER.functions] ==
         [[], ["how it fails"]]),
        ("a function without a comment is seen",
         HEADER.declared == ["hy_said", "hy_unsaid", "hy_bare"]),
        ("a note to oneself is seen", text.NOTES.search("/* TO" "DO */")),
    ]
    for sentence, holds in facts:
        print(("" if holds else "not ") + "ok - lint: " + sentence)


if __name__ == "__main__":
    main()
