# SPDX-License-Identifier: Apache-2.0
# huiyin(3) and a page per function and struct, from the header's comments;
# where Python and scdoc are there to make them.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(NOT SCDOC OR NOT Python3_Interpreter_FOUND)
	message(STATUS "man pages are left out: they need scdoc and Python")
	return()
endif()

set(maker ${CMAKE_CURRENT_LIST_DIR}/pages.py)
set(manual3 ${CMAKE_CURRENT_BINARY_DIR}/man3)
add_custom_command(OUTPUT ${manual3}/huiyin.3
	COMMAND Python3::Interpreter -B ${maker} ${public}/huiyin.h ${manual3}
		${PROJECT_VERSION} ${SCDOC}
	DEPENDS ${maker} ${CMAKE_CURRENT_LIST_DIR}/header.py ${public}/huiyin.h
	VERBATIM)
add_custom_target(huiyin_manual ALL DEPENDS ${manual3}/huiyin.3)
install(DIRECTORY ${manual3} DESTINATION ${CMAKE_INSTALL_MANDIR}
	FILES_MATCHING PATTERN "*.3")
