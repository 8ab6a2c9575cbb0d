# SPDX-License-Identifier: Apache-2.0
"""The client library for 64-bit ARM, and its unit tests by qemu-user.

The libraries of the other machine are Debian's, unpacked below the build
folder (see sysroot). Where those cannot be had, or there is no compiler for
them, it is skipped.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess

import library
import tree
from check import (BUILD, CLIENT, HERE, Failure, Skip, cmake, need, progress,
                   run)

PACKAGES = ("libwebsockets-dev", "libsqlite3-dev", "libjansson-dev",
            "libssl-dev", "libsodium-dev", "libutf8proc-dev",
            "zlib1g-dev", "libcmocka-dev")
SYSROOT = os.path.join(BUILD, "aarch64-packages")
ROOT = os.path.join(SYSROOT, "root")
BUILT = os.path.join(BUILD, "aarch64")
EMULATOR = "qemu-aarch64"
built = []  # the library, when it has been built by this run
running = {}  # name of a unit -> its output, to come
PATIENCE = 240  # seconds for one program, some ten times slower than here


def need_tools():
    for tool in ("aarch64-linux-gnu-gcc", EMULATOR, "apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise Skip(f"there is no {tool}")


def need_packages():
    """The other machine's libraries, in ROOT."""
    done = subprocess.run([os.path.join(HERE, "sysroot"), SYSROOT, "arm64",
                           *PACKAGES], stderr=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, check=False)
    said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
    if done.returncode == 77:
        raise Skip(f"Debian's packages for arm64 cannot be had: {said}")
    if done.returncode != 0:
        raise Failure(f"sysroot ended with {done.returncode}: {said}")


def for_aarch64_the_client_library_builds():
    need_tools()
    need_packages()
    toolchain = os.path.join(CLIENT, "cmake/aarch64.cmake")
    cmake(os.path.join(HERE, "units"), BUILT,
          f"-DCMAKE_TOOLCHAIN_FILE={toolchain}", f"-DHUIYIN_SYSROOT={ROOT}")
    shared = os.path.join(BUILT, "client-lib/libhuiyin.so")
    said = run("readelf", "-hW", shared)
    need("AArch64" in said, said)
    need(tree.soname(shared) == [tree.SONAME], tree.soname(shared))
    built.append(shared)


def need_build():
    if not built:
        raise Skip("it has not been built for aarch64")


def for_aarch64_both_libraries_show_what_the_header_declares():
    need_build()
    folder = os.path.join(BUILT, "client-lib")
    shown = tree.symbols(os.path.join(folder, "libhuiyin.so"), "-D",
                         "--defined-only")
    need(shown == library.promised(), sorted(shown))
    shown = tree.symbols(os.path.join(folder, "libhuiyin.a"))
    need(shown == library.promised(), sorted(shown))


def under_qemu_the_program_says_its_version():
    need_build()
    said = run(EMULATOR, "-L", ROOT, os.path.join(BUILT, "bin/huiyin"),
               "--version")
    need(tree.VERSION in said, said)


def units():
    """Names of the programs: of tests that stand on room client at most."""
    folder = os.path.join(HERE, "../unit")
    for name in sorted(os.listdir(folder)):
        if not name.endswith("_test.c"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            head = file.read(1000)
        rooms = re.search(r"/\* rooms: (.*) \*/", head)
        if (not rooms or rooms[1] == "client") and "/* headers:" not in head:
            yield name[:-2]


def emulate(name):
    try:
        return run(EMULATOR, "-L", ROOT, os.path.join(BUILT, "unit", name),
                   limit=PATIENCE, CMOCKA_MESSAGE_OUTPUT="TAP")
    except subprocess.TimeoutExpired as error:
        raise Failure(f"took over {PATIENCE} s") from error


def start_all():
    """Most of their time they wait, for a disk or for a bound to pass."""
    pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    running.update({name: pool.submit(emulate, name) for name in units()})
    pool.shutdown(wait=False)


def under_qemu_every_test_holds_of(name):
    need_build()
    if not running:
        start_all()
    said = running[name].result()
    held = len(re.findall(r"^ok", said, re.M))
    # cmocka calls what a test skips itself not ok.
    need(held > 0 and not re.search(r"^not ok(?!.*# SKIP)", said, re.M), said)
    progress(f"{name}: {held} tests under qemu")


TESTS = [
    for_aarch64_the_client_library_builds,
    for_aarch64_both_libraries_show_what_the_header_declares,
    under_qemu_the_program_says_its_version,
    *((under_qemu_every_test_holds_of, name) for name in units()),
]
