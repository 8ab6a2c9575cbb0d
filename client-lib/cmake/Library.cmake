# SPDX-License-Identifier: Apache-2.0
# libhuiyin, shared and static, and the program huiyin on top of it.
include(GNUInstallDirs)
huiyin_library(WEBSOCKETS libwebsockets)
huiyin_library(SQLITE sqlite3)
huiyin_library(CRYPTO libcrypto)
huiyin_library(SSL libssl)
find_package(Threads REQUIRED)

set(client_libraries PkgConfig::WEBSOCKETS PkgConfig::SSL PkgConfig::CRYPTO
	PkgConfig::SQLITE PkgConfig::JANSSON PkgConfig::SODIUM Threads::Threads)
set(public ${PROJECT_SOURCE_DIR}/include)
set(public_seen $<BUILD_INTERFACE:${public}>
	$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# As objects, so that unit tests can stand on them too.
add_library(room_client OBJECT ${client_sources})
target_include_directories(room_client PUBLIC ${public} PRIVATE client)
target_link_libraries(room_client PUBLIC huiyin_wire ${client_libraries})

set(map ${CMAKE_CURRENT_LIST_DIR}/huiyin.map)
add_library(huiyin SHARED $<TARGET_OBJECTS:room_client>
	$<TARGET_OBJECTS:huiyin_wire>)
target_include_directories(huiyin INTERFACE ${public_seen})
target_link_libraries(huiyin PRIVATE ${client_libraries})
target_link_options(huiyin PRIVATE -Wl,--version-script=${map})
set_target_properties(huiyin PROPERTIES LINK_DEPENDS ${map}
	VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
	PUBLIC_HEADER ${public}/huiyin.h)

# An archive has no export map: its objects are joined into one, in which
# everything but hy_* is made local. Objects of link-time optimisation are made
# code by that, so that any compiler can link them.
set(joined ${CMAKE_CURRENT_BINARY_DIR}/huiyin_joined.o)
set(join ${CMAKE_C_COMPILER} -r -nostdlib)
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
	list(APPEND join -O2 -flto=auto -flinker-output=nolto-rel)
endif()
add_custom_command(OUTPUT ${joined}
	COMMAND ${join} -o ${joined}
		$<TARGET_OBJECTS:room_client> $<TARGET_OBJECTS:huiyin_wire>
	COMMAND ${CMAKE_OBJCOPY} --wildcard "--keep-global-symbol=hy_*"
		${joined}
	DEPENDS $<TARGET_OBJECTS:room_client> $<TARGET_OBJECTS:huiyin_wire>
	COMMAND_EXPAND_LISTS VERBATIM)
add_library(huiyin_static STATIC ${joined})
target_include_directories(huiyin_static INTERFACE ${public_seen})
# Whoever finds the installed one finds these anew: huiyin-config.cmake.in.
target_link_libraries(huiyin_static INTERFACE
	"$<BUILD_INTERFACE:${client_libraries}>"
	$<INSTALL_INTERFACE:PkgConfig::HUIYIN_STATIC>
	$<INSTALL_INTERFACE:Threads::Threads>)
set_target_properties(huiyin_static PROPERTIES OUTPUT_NAME huiyin
	LINKER_LANGUAGE C)
add_library(huiyin::huiyin ALIAS huiyin)
add_library(huiyin::huiyin_static ALIAS huiyin_static)

include(${CMAKE_CURRENT_LIST_DIR}/Package.cmake)
find_program(SCDOC scdoc)
include(${CMAKE_CURRENT_LIST_DIR}/Manual.cmake)

file(GLOB cli_sources CONFIGURE_DEPENDS cli/*.c)
if(cli_sources)
	huiyin_library(UTF8PROC libutf8proc)
	add_executable(huiyin_program ${cli_sources})
	target_include_directories(huiyin_program PRIVATE cli)
	target_link_libraries(huiyin_program PRIVATE huiyin_static huiyin_wire
		PkgConfig::UTF8PROC)
	set_target_properties(huiyin_program PROPERTIES OUTPUT_NAME huiyin
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
	install(TARGETS huiyin_program)
	# What the program prints about itself, where it can be run.
	if(NOT CMAKE_CROSSCOMPILING AND NOT HUIYIN_SANITIZE AND NOT HUIYIN_TSAN)
		include(${CMAKE_CURRENT_LIST_DIR}/Pages.cmake)
	endif()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/Examples.cmake)
