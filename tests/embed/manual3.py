# SPDX-License-Identifier: Apache-2.0
"""The installed man pages of section 3, as man shows them."""
import os
import re

import library
import tree
from check import need, run


def shown(name):
    """A page as text; man must have had nothing to warn of."""
    path = os.path.join(tree.STAGED, "share/man/man3", name + ".3")
    return run("man", "--warnings", "-E", "utf-8", "-l", path, silent=True,
               MANWIDTH="80")


def every_function_has_its_page_and_man_shows_it_whole():
    for name in library.promised():
        text = shown(name)
        for part in ("NAME", "SYNOPSIS", "DESCRIPTION", "THREADS",
                     "SEE ALSO", f"{name}("):
            need(part in text, f"{name}(3) has no {part}")


def the_overview_names_every_function():
    text = shown("huiyin")
    for name in library.promised():
        need(f"{name}(3)" in text, f"huiyin(3) does not name {name}")


def the_errors_of_a_page_are_those_of_the_header():
    text = shown("hy_open")
    need(re.search(r"HY_ERR_BUSY\n\s+another program has this store open",
                   text), text)
    need("HY_ERR_OFFLINE" not in text, "hy_open(3) tells of others' errors")


TESTS = [
    every_function_has_its_page_and_man_shows_it_whole,
    the_overview_names_every_function,
    the_errors_of_a_page_are_those_of_the_header,
]
