# SPDX-License-Identifier: BSD-3-Clause
# <folder>/<name>_mpi_test.cpp: a program of its own, registered as <folder>_<name>_np<ranks>. With the ending
# _long_mpi_test.cpp it has the label long and more time.
# The ones in device_programs compare a device with the host: they have the label device too, and a run on the host
# takes them to the emulated device as <folder>_<name>_emulated_np<ranks>.
set(device_programs graph_dist_exchange graph_neighbours_knn graph_neighbours_radius ops_ranks
                    nn_layer_ranks nn_golden_layers nn_golden_mesh_graph_net
                    nn_pyg_models train_same_bits train_solver_pieces)
set(emulated_ranks 1 3)
# Hours of training steps at the speed of an emulation.
set(not_emulated nn_golden_mesh_graph_net)
add_library(halograph_mpi_main OBJECT support/mpi_main.cpp)
target_link_libraries(halograph_mpi_main PRIVATE halograph_test_support)

# <folder>/<name>_mpi_program.cpp: a program with a main of its own, on one to four ranks as <folder>_<name>_np<ranks>.
function(add_mpi_test name program ranks)
  add_test(NAME ${name} COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${MPIEXEC_PREFLAGS}
                                $<TARGET_FILE:${program}> ${MPIEXEC_POSTFLAGS})
  set(cores ${ranks})
  if(cores GREATER 2)
    set(cores 2)
  endif()
  set_tests_properties(${name} PROPERTIES PROCESSORS ${cores})
endfunction()

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
  if(name IN_LIST device_programs AND NOT (name IN_LIST not_emulated AND HALOGRAPH_TEST_DEVICE STREQUAL "emulated"))
    list(APPEND label device)
  endif()
  add_executable(${program} ${source} $<TARGET_OBJECTS:halograph_mpi_main>)
  target_link_libraries(${program} PRIVATE halograph_test_support halograph_program)
  foreach(ranks IN LISTS HALOGRAPH_TEST_RANKS)
    add_mpi_test(${name}_np${ranks} ${program} ${ranks})
    set_tests_properties(${name}_np${ranks} PROPERTIES LABELS "${label}" TIMEOUT ${timeout}
                                                       ENVIRONMENT "${test_environment}")
  endforeach()
  if(name IN_LIST device_programs AND NOT name IN_LIST not_emulated AND HALOGRAPH_EMULATED
     AND HALOGRAPH_TEST_DEVICE STREQUAL "host")
    foreach(ranks IN LISTS emulated_ranks)
      add_mpi_test(${name}_emulated_np${ranks} ${program} ${ranks})
      set_tests_properties(${name}_emulated_np${ranks} PROPERTIES LABELS emulated TIMEOUT 600
                                                                  ENVIRONMENT "${emulated_environment}")
    endforeach()
  endif()
endforeach()

file(GLOB_RECURSE mpi_programs RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *_mpi_program.cpp)
foreach(source IN LISTS mpi_programs)
  string(REGEX REPLACE "_mpi_program\\.cpp$" "" name ${source})
  string(REPLACE "/" "_" name ${name})
  add_executable(${name}_mpi ${source})
  target_link_libraries(${name}_mpi PRIVATE halograph_test_support halograph_program)
  foreach(ranks 1 2 3 4)
    add_mpi_test(${name}_np${ranks} ${name}_mpi ${ranks})
    set_tests_properties(${name}_np${ranks} PROPERTIES LABELS mpi TIMEOUT 60 ENVIRONMENT "${test_environment}")
  endforeach()
endforeach()
