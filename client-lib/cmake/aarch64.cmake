# SPDX-License-Identifier: Apache-2.0
# For 64-bit ARM, from another machine:
#
#	cmake -S client-lib -B build -DHUIYIN_SYSROOT=FOLDER \
#		--toolchain $PWD/client-lib/cmake/aarch64.cmake
#
# FOLDER has the libraries and headers of the other machine in its usr/
# (tests/embed/sysroot makes one of Debian's packages). Without it, those that
# Debian's multiarch has installed beside our own are taken.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(triplet aarch64-linux-gnu)
set(CMAKE_C_COMPILER ${triplet}-gcc)
find_program(CMAKE_CXX_COMPILER ${triplet}-g++) # for the example in C++
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)

set(HUIYIN_SYSROOT "" CACHE PATH "Libraries and headers of the other machine")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES HUIYIN_SYSROOT)
set(root ${HUIYIN_SYSROOT})
if(root)
	set(CMAKE_SYSROOT ${root})
	set(ENV{PKG_CONFIG_SYSROOT_DIR} ${root})
	list(APPEND CMAKE_CROSSCOMPILING_EMULATOR -L ${root})
endif()
set(ENV{PKG_CONFIG_LIBDIR}
	${root}/usr/lib/${triplet}/pkgconfig:${root}/usr/share/pkgconfig)
foreach(kind LIBRARY INCLUDE PACKAGE)
	set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
