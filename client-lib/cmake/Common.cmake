# SPDX-License-Identifier: Apache-2.0
# What every target of the project is compiled with.
include_guard(GLOBAL)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
option(HUIYIN_SANITIZE "ASan and UBSan in everything" OFF)
# Rooms see each other only through functions: what is small is inlined here.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
	include(CheckIPOSupported)
	check_ipo_supported(RESULT inlines LANGUAGES C)
	set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${inlines})
endif()
option(HUIYIN_TSAN "ThreadSanitizer in everything" OFF)

add_compile_definitions(_GNU_SOURCE HUIYIN_VERSION="${PROJECT_VERSION}")
add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wvla -Werror
	-fno-common -fstack-protector-strong -fstack-clash-protection
	"$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
	add_compile_options(-fcf-protection)
endif()
if(HUIYIN_SANITIZE)
	add_compile_options(-fsanitize=address,undefined
		-fno-sanitize-recover=undefined -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
elseif(HUIYIN_TSAN)
	add_compile_options(-fsanitize=thread)
	add_link_options(-fsanitize=thread)
else()
	add_compile_options($<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed)

find_package(PkgConfig REQUIRED)
# huiyin_library(NAME PACKAGE): an imported target NAME from pkg-config.
function(huiyin_library name package)
	if(NOT TARGET PkgConfig::${name})
		pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${package})
	endif()
endfunction()
