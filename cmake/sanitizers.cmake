# SPDX-License-Identifier: BSD-3-Clause
# HALOGRAPH_SANITIZE, for example address;undefined, instruments everything. Programs of the tree link
# halograph_program, which is empty unless they are sanitized.
set(HALOGRAPH_SANITIZE "" CACHE STRING "Sanitizers to build with, separated by semicolons")
add_library(halograph_program INTERFACE)
if(HALOGRAPH_SANITIZE)
  string(REPLACE ";" "," sanitizers "${HALOGRAPH_SANITIZE}")
  add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizers})
  # The leak checker names the library that a block came from, but not once that library is unloaded, as MPI
  # does with its modules. Programs that never unload keep the list in lsan.supp effective.
  add_library(halograph_never_unload OBJECT ${CMAKE_CURRENT_LIST_DIR}/never_unload.cpp)
  target_sources(halograph_program INTERFACE $<TARGET_OBJECTS:halograph_never_unload>)
  # A kernel is hundreds of inlined calls on values in registers. Checks of those values, rather than of the
  # arrays, would take minutes to compile and find nothing.
  set(HALOGRAPH_SANITIZE_KERNELS -fno-sanitize=null,alignment,object-size,vptr,return,pointer-overflow)
  if("address" IN_LIST HALOGRAPH_SANITIZE)
    list(APPEND HALOGRAPH_SANITIZE_KERNELS -fno-sanitize-address-use-after-scope
                $<$<CXX_COMPILER_ID:GNU>:--param=asan-stack=0>)
  endif()
endif()
