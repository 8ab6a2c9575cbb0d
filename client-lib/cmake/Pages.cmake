# SPDX-License-Identifier: Apache-2.0
# Completion for bash, and huiyin(1) where scdoc is there to make it.
set(completion ${CMAKE_CURRENT_BINARY_DIR}/completion/huiyin)
add_custom_command(OUTPUT ${completion}
	COMMAND ${CMAKE_COMMAND} -E make_directory completion
	COMMAND huiyin_program completion bash > ${completion}
	DEPENDS huiyin_program VERBATIM)
set(pages ${completion})
install(FILES ${completion}
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

if(SCDOC)
	set(manual ${CMAKE_CURRENT_BINARY_DIR}/huiyin.1)
	add_custom_command(OUTPUT ${manual}
		COMMAND huiyin_program manual | ${SCDOC} > ${manual}
		DEPENDS huiyin_program VERBATIM)
	list(APPEND pages ${manual})
	install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
add_custom_target(huiyin_pages ALL DEPENDS ${pages})
