# SPDX-License-Identifier: BSD-3-Clause
# tool/<name>_test.sh: drives the halograph program from a folder of its own, registered as tool_<name>.
if(TARGET halograph_tool)
  file(GLOB corpus_sources CONFIGURE_DEPENDS tool/corpus/*.cpp)
  add_executable(halograph_corpus ${corpus_sources})
  target_link_libraries(halograph_corpus PRIVATE halograph_test_support)
  file(GLOB tool_tests CONFIGURE_DEPENDS tool/*_test.sh)
  foreach(script IN LISTS tool_tests)
    get_filename_component(name ${script} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    add_test(NAME tool_${name}
             COMMAND ${CMAKE_COMMAND} -E env "HALOGRAPH=$<TARGET_FILE:halograph_tool>"
                     "CORPUS=$<TARGET_FILE:halograph_corpus>"
                     "MPIRUN=${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG}" bash ${script})
    set_tests_properties(tool_${name} PROPERTIES LABELS "mpi;tool" TIMEOUT 600 PROCESSORS 2
                                               ENVIRONMENT "${test_environment}")
  endforeach()
endif()
