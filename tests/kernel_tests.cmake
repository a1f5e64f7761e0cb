# SPDX-License-Identifier: BSD-3-Clause
# kernels/<name>_test.cpp: compiled once per instruction set, with the flags of the kernels, and skipped on a
# processor that lacks it.
if(kernel_tests)
  get_property(backends GLOBAL PROPERTY HALOGRAPH_HOST_BACKENDS)
  foreach(backend IN LISTS backends)
    set(name kernel_tests_${backend})
    # The main program is compiled without the flags: it must run everywhere in order to decline.
    add_library(${name}_main OBJECT support/kernel_main.cpp)
    target_compile_definitions(${name}_main PRIVATE HALOGRAPH_TEST_BACKEND="${backend}")
    target_link_libraries(${name}_main PRIVATE halograph_test_support)
    add_executable(${name} ${kernel_tests} $<TARGET_OBJECTS:${name}_main>)
    target_link_libraries(${name} PRIVATE halograph_backend_${backend} halograph_test_support halograph_program)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS serial TIMEOUT 300 SKIP_RETURN_CODE 77
                         ENVIRONMENT "${test_environment}")
  endforeach()
endif()
