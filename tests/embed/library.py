# SPDX-License-Identifier: Apache-2.0
"""The libraries themselves: what they show, need, weigh and are called."""
import os
import re
import sys

import tree
from check import CLIENT, SCRATCH, need, progress, run

sys.path.insert(0, os.path.join(CLIENT, "cmake"))
import header  # noqa: E402

MOST_KIB = 400  # of the stripped shared library


def promised():
    """The functions that the header declares."""
    with open(os.path.join(CLIENT, "include/huiyin.h"),
              encoding="utf-8") as file:
        return set(header.Header(file.read()).declared)


def it_builds_where_libpq_libuv_and_glib_are_not_to_be_found():
    with open(tree.ASKED, encoding="utf-8") as file:
        asked = file.read()
    need("libwebsockets" in asked, "pkg-config was not the one of this test")
    need("libpq" not in asked, "libpq was asked for")
    made = os.listdir(os.path.join(tree.PLAIN, "examples"))
    need("example_kiosk" in made, "the examples were not built")
    for name in ("example_with_libuv", "example_with_glib"):
        need(name not in made, f"{name} was built without its loop")


def what_it_installs_needs_none_of_them(kind):
    away = re.compile(r"^lib(pq|uv|glib)\b")
    place = tree.TREES[kind]
    for path in (tree.library(place), os.path.join(place, "bin/huiyin")):
        found = [n for n in tree.needed(path) if away.search(n)]
        need(not found, f"{path} needs {found}")
        wanted = tree.symbols(path, "-D", "--undefined-only")
        found = [s for s in wanted if re.match(r"(PQ|uv_|g_)", s)]
        need(not found, f"{path} wants {found}")


def the_shared_library_shows_what_the_header_declares_and_no_more(kind):
    shown = tree.symbols(tree.library(tree.TREES[kind]), "-D",
                         "--defined-only")
    need(shown == promised(), f"differs in {sorted(shown ^ promised())}")


def the_static_library_shows_what_the_header_declares_and_no_more(kind):
    path = tree.library(tree.TREES[kind], "libhuiyin.a")
    shown = tree.symbols(path)
    need(shown == promised(), f"differs in {sorted(shown ^ promised())}")


def its_soname_file_and_version_agree():
    path = tree.library(tree.STAGED)
    need(tree.soname(path) == [tree.SONAME], tree.soname(path))
    chain = [os.readlink(path),
             os.readlink(os.path.join(os.path.dirname(path), tree.SONAME))]
    need(chain == [tree.SONAME, f"libhuiyin.so.{tree.VERSION}"],
         f"links: {chain}")
    package = os.path.join(os.path.dirname(path), "pkgconfig")
    said = run("pkg-config", "--modversion", "huiyin", PKG_CONFIG_PATH=package)
    need(said.strip() == tree.VERSION, f"huiyin.pc says {said}")
    with open(tree.library(tree.STAGED, "huiyin-config-version.cmake"),
              encoding="utf-8") as file:
        need(f'PACKAGE_VERSION "{tree.VERSION}"' in file.read(),
             "CMake is told another version")


def the_static_library_is_code_that_any_compiler_can_link(kind):
    said = run("readelf", "-SW", tree.library(tree.TREES[kind],
                                              "libhuiyin.a"))
    need(".gnu.lto_" not in said, "it is bytecode of link-time optimisation")


def stripped_the_shared_library_is_under_400_kib(kind):
    path = os.path.join(SCRATCH, "stripped.so")
    run("strip", "-o", path, tree.library(tree.TREES[kind]))
    size = os.path.getsize(path)
    progress(f"the stripped shared library ({kind}) has "
             f"{size / 1024:.1f} KiB of {MOST_KIB}")
    need(size < MOST_KIB * 1024, f"{size} bytes")


TESTS = [
    it_builds_where_libpq_libuv_and_glib_are_not_to_be_found,
    its_soname_file_and_version_agree,
    *((test, kind) for test in (
        what_it_installs_needs_none_of_them,
        the_shared_library_shows_what_the_header_declares_and_no_more,
        the_static_library_shows_what_the_header_declares_and_no_more,
        the_static_library_is_code_that_any_compiler_can_link,
        stripped_the_shared_library_is_under_400_kib) for kind in tree.TREES),
]
