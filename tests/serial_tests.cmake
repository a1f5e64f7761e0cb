# SPDX-License-Identifier: BSD-3-Clause
# <folder>/<name>_test.cpp: all in one program without MPI, one ctest a case. <name>_long_test.cpp: likewise, with
# the label long.
function(add_serial_tests name label timeout)
  if(NOT ARGN)
    return()
  endif()
  add_executable(${name} ${ARGN} support/serial_main.cpp)
  compile_folders_together(${name} 8 tests/nn tests/ops)
  target_link_libraries(${name} PRIVATE halograph_test_support halograph_program)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_LIST ${name}_cases
                       PROPERTIES LABELS ${label} TIMEOUT ${timeout})
  # A property that is a list does not survive the way through gtest_discover_tests: it is set when ctest
  # starts and the cases are known.
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${name}_environment.cmake)
  file(WRITE ${script} "set_tests_properties(\${${name}_cases} PROPERTIES ENVIRONMENT \"${test_environment}\")\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()

add_serial_tests(halograph_tests serial 120 ${serial_tests})
add_serial_tests(halograph_long_tests long 1800 ${long_tests})

# The cases that compare devices, once more as one test for runs on a device.
add_test(NAME device_kernels COMMAND halograph_tests "--gtest_filter=*Device*:*Emulated*")
set_tests_properties(device_kernels PROPERTIES LABELS device TIMEOUT 600 ENVIRONMENT "${test_environment}")
