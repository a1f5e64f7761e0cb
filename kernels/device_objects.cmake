# SPDX-License-Identifier: BSD-3-Clause
# The same sources through nvcc and hipcc, where they are installed, to objects that nothing links yet: it
# keeps the kernels free of what only a host compiler accepts.
find_program(HALOGRAPH_NVCC nvcc HINTS $ENV{CUDA_HOME}/bin /usr/local/cuda/bin)
find_program(HALOGRAPH_HIPCC hipcc HINTS $ENV{ROCM_PATH}/bin /opt/rocm/bin)
mark_as_advanced(HALOGRAPH_NVCC HALOGRAPH_HIPCC)
file(GLOB device_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)

function(add_device_objects backend compiler)
  # A compiler may be there without what it needs, or be too old: an empty kernel tells.
  if(NOT DEFINED HALOGRAPH_${backend}_WORKS)
    set(trial ${CMAKE_CURRENT_BINARY_DIR}/${backend}_trial)
    file(WRITE ${trial}.cpp "#include <kernels/launch/qualifiers.hpp>\n__global__ void nothing() {}\n")
    execute_process(COMMAND ${compiler} ${ARGN} -I${PROJECT_SOURCE_DIR} -c ${trial}.cpp -o ${trial}.o
                    RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
    if(failed)
      message(STATUS "No ${backend} objects, ${compiler} cannot compile an empty kernel: ${text}")
    endif()
    string(COMPARE EQUAL "${failed}" 0 works)
    set(HALOGRAPH_${backend}_WORKS ${works} CACHE INTERNAL "")
  endif()
  if(NOT HALOGRAPH_${backend}_WORKS)
    return()
  endif()
  set(objects)
  foreach(source IN LISTS device_sources)
    get_filename_component(name ${source} NAME_WE)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${backend}/${name}.o)
    add_custom_command(
      OUTPUT ${object}
      COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${compiler} ${ARGN} -DHALOGRAPH_BACKEND=${backend} -I${PROJECT_SOURCE_DIR}
              -I${PROJECT_SOURCE_DIR}/include -MD -MT ${object} -MF ${object}.d -c ${source} -o ${object}
      DEPENDS ${source}
      DEPFILE ${object}.d
      COMMENT "Compiling ${name} for ${backend}"
      VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${backend})
  add_custom_target(halograph_kernels_${backend} ALL DEPENDS ${objects})
endfunction()

# Contraction is off as on the host: see cmake/warnings.cmake.
if(HALOGRAPH_NVCC)
  add_device_objects(cuda ${HALOGRAPH_NVCC} -x cu -std=c++20 -O2 --fmad=false -Xcompiler=-fPIC,-Wall,-Wextra
                     --Werror=all-warnings -gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=sm_90)
endif()
if(HALOGRAPH_HIPCC)
  add_device_objects(hip ${HALOGRAPH_HIPCC} -x hip -std=c++20 -O2 -ffp-contract=off -fPIC -Wall -Wextra -Werror
                     --offload-arch=gfx90a)
endif()
