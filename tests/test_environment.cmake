# SPDX-License-Identifier: BSD-3-Clause
# Open MPI refuses root and more ranks than cores unless told otherwise, and spins while it waits unless it is
# asked to yield. Other implementations ignore these variables.
set(test_environment
    OMPI_ALLOW_RUN_AS_ROOT=1
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1
    OMPI_MCA_hwloc_base_binding_policy=none
    OMPI_MCA_mpi_yield_when_idle=1
    OMPI_MCA_btl_vader_single_copy_mechanism=none
    OMP_NUM_THREADS=1
    OPENBLAS_NUM_THREADS=1)
if("address" IN_LIST HALOGRAPH_SANITIZE)
  list(APPEND test_environment "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0"
                               UBSAN_OPTIONS=print_stacktrace=1)
endif()

# Threads of a block in another order in every phase: what a GPU may do in any order must not show.
set(emulated_environment ${test_environment} HALOGRAPH_DEVICE=emulated HALOGRAPH_EMULATED_ORDER=mixed)
list(APPEND test_environment HALOGRAPH_DEVICE=${HALOGRAPH_TEST_DEVICE})
