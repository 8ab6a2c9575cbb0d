# SPDX-License-Identifier: Apache-2.0
# The examples: each stands on the shared library alone, and on its own loop
# where it shows one. Those whose loop or language is not there are left out.
include(CheckLanguage)
check_language(CXX)
set(example_endings examples/*.c)
if(CMAKE_CXX_COMPILER)
	enable_language(CXX)
	list(APPEND example_endings examples/*.cpp)
endif()
file(GLOB example_sources CONFIGURE_DEPENDS ${example_endings})
pkg_check_modules(with_libuv IMPORTED_TARGET libuv)
pkg_check_modules(with_glib IMPORTED_TARGET glib-2.0)
foreach(example IN LISTS example_sources)
	get_filename_component(name ${example} NAME_WE)
	get_filename_component(ending ${example} LAST_EXT)
	if(name MATCHES "^with_(libuv|glib)$" AND NOT ${name}_FOUND)
		message(STATUS "example ${name} is left out")
		continue()
	endif()
	if(ending STREQUAL ".cpp")
		set(name ${name}_cpp)
	endif()
	add_executable(example_${name} ${example})
	target_link_libraries(example_${name} PRIVATE huiyin
		$<TARGET_NAME_IF_EXISTS:PkgConfig::${name}>)
	set_target_properties(example_${name} PROPERTIES
		CXX_STANDARD 11 CXX_EXTENSIONS OFF
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/examples)
endforeach()
