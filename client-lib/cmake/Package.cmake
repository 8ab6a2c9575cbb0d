# SPDX-License-Identifier: Apache-2.0
# What is installed: both libraries, the header, and what tells pkg-config and
# CMake of them. All of it says where it is from where it stands: the tree may
# be put anywhere.
include(CMakePackageConfigHelpers)

# The static library needs these of whoever links it.
set(static_needs libwebsockets libssl libcrypto jansson libsodium sqlite3
	zlib)
list(JOIN static_needs " " static_needs)

file(RELATIVE_PATH up /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/huiyin.pc.in huiyin.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/huiyin.pc
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Two sets of targets: who uses the shared library needs none of the others.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/huiyin)
install(TARGETS huiyin EXPORT huiyin-shared
	PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS huiyin_static EXPORT huiyin-static)
foreach(kind shared static)
	install(EXPORT huiyin-${kind} NAMESPACE huiyin:: DESTINATION ${package})
endforeach()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/huiyin-config.cmake.in
	huiyin-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(huiyin-config-version.cmake
	COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/huiyin-config.cmake
	${CMAKE_CURRENT_BINARY_DIR}/huiyin-config-version.cmake
	DESTINATION ${package})
