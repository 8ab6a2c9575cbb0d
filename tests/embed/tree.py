# SPDX-License-Identifier: Apache-2.0
"""client-lib built alone and installed, once for all files of this folder.

It is built plainly, and once more as a release, which is optimised as it is
linked. Where the build asks pkg-config for what it is to do without, it is
told that this is not there.
"""
import os
import re
import stat

from check import BUILD, CLIENT, SCRATCH, cmake, run

PLAIN = os.path.join(BUILD, "plain")
RELEASE = os.path.join(BUILD, "release")
STAGED = os.path.join(SCRATCH, "staged/usr")  # PLAIN, for /usr, stands here
MOVED = os.path.join(SCRATCH, "moved to")     # RELEASE, elsewhere, then moved
TREES = {"plain": STAGED, "release": MOVED}
HIDDEN = ("libpq", "libuv", "glib-2.0")
ASKED = os.path.join(SCRATCH, "asked")        # what pkg-config was asked

with open(os.path.join(CLIENT, "CMakeLists.txt"), encoding="utf-8") as lists:
    VERSION = re.search(r"^project\(\w+ VERSION ([\d.]+)", lists.read(),
                        re.M)[1]
SONAME = "libhuiyin.so." + VERSION.split(".", maxsplit=1)[0]

PKG_CONFIG = f"""#!/bin/sh
# pkg-config, but for what is to be away.
printf '%s\\n' "$*" >>'{ASKED}'
case " $* " in
{' | '.join(f"*' {name} '*" for name in HIDDEN)}) exit 1 ;;
esac
exec pkg-config "$@"
"""


def build(folder, kind, narrow):
    cmake(CLIENT, folder, "-DCMAKE_INSTALL_PREFIX=/usr",
          f"-DCMAKE_BUILD_TYPE={kind}", f"-DPKG_CONFIG_EXECUTABLE={narrow}",
          # what an earlier run has found is asked for again
          *(f"-U{name}_*" for name in ("with", "WEBSOCKETS", "SQLITE",
                                       "CRYPTO", "JANSSON", "UTF8PROC")))


def make():
    """Builds into PLAIN and RELEASE, installs STAGED and MOVED."""
    narrow = os.path.join(SCRATCH, "pkg-config")
    with open(narrow, "w", encoding="utf-8") as file:
        file.write(PKG_CONFIG)
    os.chmod(narrow, stat.S_IRWXU)
    build(PLAIN, "RelWithDebInfo", narrow)
    build(RELEASE, "Release", narrow)
    run("cmake", "--install", PLAIN, DESTDIR=os.path.join(SCRATCH, "staged"))
    first = os.path.join(SCRATCH, "first")
    run("cmake", "--install", RELEASE, "--prefix", first)
    os.rename(first, MOVED)


def folder_of(tree, name):
    """Folder below tree that has the file of that name."""
    for folder, _, files in os.walk(tree):
        if name in files:
            return folder
    raise FileNotFoundError(f"{name} in {tree}")


def library(tree, name="libhuiyin.so"):
    return os.path.join(folder_of(tree, name), name)


def needed(path):
    """Shared libraries that a file asks for."""
    return [line.split("[")[1].split("]")[0]
            for line in run("readelf", "-dW", path).splitlines()
            if "(NEEDED)" in line]


def soname(path):
    return [line.split("[")[1].split("]")[0]
            for line in run("readelf", "-dW", path).splitlines()
            if "(SONAME)" in line]


def symbols(path, *options):
    """Names of what a library shows, or with other options wants."""
    out = run("nm", *(options or ("--defined-only", "--extern-only")),
              "--format=posix", path)
    return {found[1] for found in re.finditer(r"^(\w+)\S* [A-Za-z] ", out,
                                              re.M)}
