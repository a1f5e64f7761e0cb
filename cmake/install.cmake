# SPDX-License-Identifier: BSD-3-Clause
# What find_package(halograph) needs: the library, its headers and a description of both. A consumer needs MPI
# and Eigen; the libraries that only our sources include are linked by the paths of this build.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/halograph)

install(TARGETS halograph EXPORT halograph-targets)
if(HALOGRAPH_BUILD_TOOL)
  set_target_properties(halograph_tool PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS halograph_tool)
endif()
install(DIRECTORY include/halograph DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT halograph-targets NAMESPACE halograph:: DESTINATION ${package_dir})
configure_package_config_file(cmake/halograph-config.cmake.in halograph-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(halograph-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/halograph-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/halograph-config-version.cmake
        DESTINATION ${package_dir})
