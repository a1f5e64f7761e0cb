# SPDX-License-Identifier: BSD-3-Clause
# <folder>/<name>_mpi_test.cpp: a program of its own, registered as <folder>_<name>_np<ranks>. With the ending
# _long_mpi_test.cpp it has the label long and more time.
add_library(halograph_mpi_main OBJECT support/mpi_main.cpp)
target_link_libraries(halograph_mpi_main PRIVATE halograph_test_support)

foreach(source IN LISTS mpi_tests)
  string(REGEX REPLACE "_test\\.cpp$" "" program ${source})
  string(REPLACE "/" "_" program ${program})
  string(REGEX REPLACE "_mpi$" "" name ${program})
  set(label mpi)
  set(timeout 240)
  if(HALOGRAPH_SANITIZE)
    set(timeout 900)
  endif()
  if(source MATCHES "_long_mpi_test\\.cpp$")
    set(label long)
    set(timeout 1800)
  endif()
  add_executable(${program} ${source} $<TARGET_OBJECTS:halograph_mpi_main>)
  target_link_libraries(${program} PRIVATE halograph_test_support halograph_program)
  foreach(ranks IN LISTS HALOGRAPH_TEST_RANKS)
    set(cores ${ranks})
    if(cores GREATER 2)
      set(cores 2)
    endif()
    add_test(NAME ${name}_np${ranks}
             COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${MPIEXEC_PREFLAGS}
                     $<TARGET_FILE:${program}> ${MPIEXEC_POSTFLAGS})
    set_tests_properties(${name}_np${ranks} PROPERTIES LABELS ${label} TIMEOUT ${timeout} PROCESSORS ${cores}
                         ENVIRONMENT "${test_environment}")
  endforeach()
endforeach()
