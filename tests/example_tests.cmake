# SPDX-License-Identifier: BSD-3-Clause
# The programs of examples/write_a_layer print the same digest on one and on three ranks, and the page on them
# quotes them as they are.
add_subdirectory(${PROJECT_SOURCE_DIR}/examples/write_a_layer ${PROJECT_BINARY_DIR}/examples/write_a_layer)
foreach(program train gravity)
  target_link_libraries(write_a_layer_${program} PRIVATE halograph_warnings)
  add_test(NAME example_write_a_layer_${program}
           COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/support/digests/same_digest.sh
                   "${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG}" $<TARGET_FILE:write_a_layer_${program}>)
  set_tests_properties(example_write_a_layer_${program} PROPERTIES LABELS mpi TIMEOUT 120 PROCESSORS 2
                       ENVIRONMENT "${test_environment}")
endforeach()
# A program that makes files and one that reads them: the same lines and files on one and on three ranks.
function(add_example name prepare run)
  add_subdirectory(${PROJECT_SOURCE_DIR}/examples/${name} ${PROJECT_BINARY_DIR}/examples/${name})
  foreach(program ${prepare} ${run})
    target_link_libraries(${name}_${program} PRIVATE halograph_warnings)
  endforeach()
  add_test(NAME example_${name}
           COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/checks/example_programs.sh
                   "${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG}" $<TARGET_FILE:${name}_${prepare}>
                   $<TARGET_FILE:${name}_${run}> ${ARGN})
  set_tests_properties(example_${name} PROPERTIES LABELS mpi TIMEOUT 120 PROCESSORS 2 ENVIRONMENT "${test_environment}")
endfunction()
add_example(train_mesh data train mesh.h5 mesh.h5)
add_example(in_solver train solve)

function(add_quoting_page name folder)
  add_test(NAME docs_${name} COMMAND ${CMAKE_COMMAND} -DPAGE=${PROJECT_SOURCE_DIR}/docs/${name}.md
                                     -DFOLDER=${PROJECT_SOURCE_DIR}/${folder}
                                     -P ${CMAKE_CURRENT_SOURCE_DIR}/checks/quoted_blocks.cmake)
  set_tests_properties(docs_${name} PROPERTIES LABELS serial TIMEOUT 30)
endfunction()
add_quoting_page(write_a_layer examples/write_a_layer)
add_quoting_page(kernels kernels)
