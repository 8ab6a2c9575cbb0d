# SPDX-License-Identifier: Apache-2.0
"""The installed tree as its users meet it: pkg-config and CMake, shared and
static, from C99 and C++11; where it was made for and where it was moved."""
import os
import shutil

import tree
from check import HERE, SCRATCH, Failure, cmake, need, run

PLACES = {"staged": tree.STAGED, "moved": tree.MOVED}
STRICT = ("-pedantic", "-Wall", "-Wextra", "-Werror")
COMPILERS = {"c99": ("cc", "-std=c99", "consumer.c"),
             "c++11": ("c++", "-std=c++11", "consumer.cpp")}
SOURCE = os.path.join(HERE, "consumer")


def package_folder(place):
    return os.path.join(os.path.dirname(tree.library(place)), "pkgconfig")


def flags(place, *options):
    said = run("pkg-config", *options, "huiyin",
               PKG_CONFIG_PATH=package_folder(place))
    # a blank in a path comes out with a backslash in front of it
    return [word.replace("\0", " ")
            for word in said.replace("\\ ", "\0").split()]


def try_out(program, place, kind):
    """Runs it where it finds that library; looks at what it is linked to."""
    store = program + ".store"
    shutil.rmtree(store, ignore_errors=True)
    said = run(program, store,
               LD_LIBRARY_PATH=os.path.dirname(tree.library(place)))
    need(said == tree.VERSION + "\n", f"it printed {said}")
    ours = tree.SONAME in tree.needed(program)
    need(ours == (kind == "shared"), f"needs {tree.needed(program)}")


def with_pkg_config_a_stranger_builds_and_runs(place, kind, language):
    compiler, standard, source = COMPILERS[language]
    program = os.path.join(SCRATCH, f"pkg-config {place} {kind} {language}")
    words = flags(PLACES[place], "--cflags", "--libs")
    if kind == "static":
        words = ["-l:libhuiyin.a", "-Wl,--as-needed"] + \
            flags(PLACES[place], "--cflags", "--libs", "--static")
    run(compiler, standard, *STRICT, os.path.join(SOURCE, source), "-o",
        program, *words)
    try_out(program, PLACES[place], kind)


def build_by_cmake(place, folder, *settings, **environment):
    return cmake(SOURCE, folder, f"-DCMAKE_PREFIX_PATH={PLACES[place]}",
                 *settings, **environment)


def with_cmake_a_stranger_builds_and_runs(place):
    folder = os.path.join(SCRATCH, f"cmake {place}")
    build_by_cmake(place, folder)
    for kind in ("shared", "static"):
        for language in COMPILERS:
            try_out(os.path.join(folder, f"{language}_{kind}"), PLACES[place],
                    kind)


def who_links_the_shared_library_needs_nothing_of_what_is_below_it():
    folder = os.path.join(SCRATCH, "cmake alone")
    said = build_by_cmake("moved", folder, PKG_CONFIG_PATH="",
                          PKG_CONFIG_LIBDIR="/nowhere")
    need("static: TRUE" not in said, "the static one was found as well")
    try_out(os.path.join(folder, "c99_shared"), tree.MOVED, "shared")
    only = [n for n in tree.needed(os.path.join(folder, "c99_shared"))
            if not n.startswith(("libhuiyin.so", "libc.so"))]
    need(not only, f"needs {only}")


def refused(wanted, **environment):
    """What CMake says when it cannot find that."""
    folder = os.path.join(SCRATCH, "cmake refused")
    shutil.rmtree(folder, ignore_errors=True)
    said = run("cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja",
               f"-DCMAKE_PREFIX_PATH={tree.MOVED}", f"-DWANTED={wanted}",
               fails=True, **environment)
    return " ".join(said.split())


def a_newer_version_or_another_major_one_is_not_found():
    for wanted in ("0.9", "1.0"):
        said = refused(wanted)
        need(f'compatible with requested version "{wanted}"' in said, said)
    try:
        refused("0.1")
    except Failure:
        return
    raise Failure("0.1 was not found")


def the_static_component_is_refused_where_it_cannot_be_linked():
    said = refused("COMPONENTS;static", PKG_CONFIG_PATH="",
                   PKG_CONFIG_LIBDIR="/nowhere")
    need("huiyin::huiyin_static needs" in said, said)


TESTS = [
    *((with_pkg_config_a_stranger_builds_and_runs, place, kind, language)
      for place in PLACES for kind in ("shared", "static")
      for language in COMPILERS),
    *((with_cmake_a_stranger_builds_and_runs, place) for place in PLACES),
    who_links_the_shared_library_needs_nothing_of_what_is_below_it,
    a_newer_version_or_another_major_one_is_not_found,
    the_static_component_is_refused_where_it_cannot_be_linked,
]
