# SPDX-License-Identifier: Apache-2.0
# huiyin_unit(FILE): one program of a file tests/unit/NAME.c. Each says which
# rooms it stands on in a line "/* rooms: a b */"; wire and base are always
# there. A line "/* headers: a b */" names rooms whose functions it makes up
# itself; "/* with: a.c b.c */" names files of this folder it shares, "/* cli: a b */"
# files of the command line it stands on.
huiyin_library(CMOCKA cmocka)
set(unit_root ${CMAKE_CURRENT_LIST_DIR}/../..)

# Words of the line "/* KIND: words */" of a test.
function(words_of unit kind result)
	file(STRINGS ${unit} words REGEX "^/\\* ${kind}: .* \\*/$" LIMIT_COUNT 1)
	string(REGEX REPLACE "^/\\* ${kind}: (.*) \\*/$" "\\1" words "${words}")
	separate_arguments(words)
	set(${result} ${words} PARENT_SCOPE)
endfunction()

function(huiyin_unit unit)
	get_filename_component(name ${unit} NAME_WE)
	words_of(${unit} rooms rooms)
	words_of(${unit} headers headers)
	words_of(${unit} with with)
	words_of(${unit} cli cli)
	list(TRANSFORM with PREPEND ${unit_root}/tests/unit/)
	list(TRANSFORM cli REPLACE "(.+)" "${unit_root}/client-lib/cli/\\1.c")
	add_executable(${name} ${unit} ${with} ${cli})
	target_include_directories(${name} PRIVATE ${unit_root}/tests/unit
		${unit_root}/client-lib/client ${unit_root}/client-lib/include)
	if(cli)
		target_include_directories(${name} PRIVATE
			${unit_root}/client-lib/cli)
		target_link_libraries(${name} PRIVATE PkgConfig::UTF8PROC)
	endif()
	foreach(room IN LISTS rooms)
		target_link_libraries(${name} PRIVATE room_${room})
	endforeach()
	foreach(room IN LISTS rooms headers)
		target_include_directories(${name} PRIVATE
			${unit_root}/server/${room})
	endforeach()
	target_link_libraries(${name} PRIVATE huiyin_wire PkgConfig::CMOCKA)
	set_target_properties(${name} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/unit)
	add_test(NAME ${name} COMMAND ${name})
endfunction()
