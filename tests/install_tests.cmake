# SPDX-License-Identifier: BSD-3-Clause
# Installs into the build folder, builds the project in install/ and an example against that with plain mpicxx, and runs
# the former on two ranks. A sanitized library would ask the same flags of its user: it is left out.
if(NOT HALOGRAPH_SANITIZE)
  set(prefix ${CMAKE_CURRENT_BINARY_DIR}/prefix)
  set(consumer ${CMAKE_CURRENT_BINARY_DIR}/consumer)
  add_test(NAME install_into_prefix COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${prefix})
  function(add_user_build name source folder)
    add_test(NAME install_build_${name}
             COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test ${source} ${folder}
                     --build-generator ${CMAKE_GENERATOR}
                     --build-options -DCMAKE_CXX_COMPILER=${MPI_CXX_COMPILER} -DCMAKE_PREFIX_PATH=${prefix}
                                     -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
                                     -DCMAKE_CXX_FLAGS_DEBUG=${CMAKE_CXX_FLAGS_DEBUG})
    set_tests_properties(install_build_${name} PROPERTIES FIXTURES_REQUIRED prefix)
  endfunction()
  add_user_build(consumer ${CMAKE_CURRENT_SOURCE_DIR}/install ${consumer})
  add_user_build(example ${PROJECT_SOURCE_DIR}/examples/write_a_layer ${CMAKE_CURRENT_BINARY_DIR}/example_alone)
  add_user_build(train_mesh ${PROJECT_SOURCE_DIR}/examples/train_mesh ${CMAKE_CURRENT_BINARY_DIR}/train_mesh_alone)
  add_user_build(in_solver ${PROJECT_SOURCE_DIR}/examples/in_solver ${CMAKE_CURRENT_BINARY_DIR}/in_solver_alone)
  add_test(NAME install_run_consumer COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} 2 ${MPIEXEC_PREFLAGS}
                                             ${consumer}/consumer ${MPIEXEC_POSTFLAGS})
  set_tests_properties(install_into_prefix PROPERTIES FIXTURES_SETUP prefix)
  set_tests_properties(install_build_consumer PROPERTIES FIXTURES_SETUP consumer)
  set_tests_properties(install_run_consumer PROPERTIES FIXTURES_REQUIRED "prefix;consumer" PROCESSORS 2)
  set_tests_properties(install_into_prefix install_build_consumer install_build_example
                       install_build_train_mesh install_build_in_solver install_run_consumer
                       PROPERTIES LABELS install TIMEOUT 120 ENVIRONMENT "${test_environment}")
endif()
