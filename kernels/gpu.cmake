# SPDX-License-Identifier: BSD-3-Clause
# The kernels of CUDA and HIP, compiled by nvcc and hipcc where these are installed and linked into the library. CMake's
# own support for the two languages is not used: as late as 3.25 it knows neither C++20 of nvcc nor Debian's HIP.
find_program(HALOGRAPH_NVCC nvcc HINTS $ENV{CUDA_HOME}/bin /usr/local/cuda/bin)
find_program(HALOGRAPH_HIPCC hipcc HINTS $ENV{ROCM_PATH}/bin /opt/rocm/bin)
get_filename_component(nvcc_path "${HALOGRAPH_NVCC}" REALPATH)
get_filename_component(cuda_bin "${nvcc_path}" DIRECTORY)
find_library(HALOGRAPH_CUDART cudart_static HINTS ${cuda_bin}/.. PATH_SUFFIXES lib64 lib targets/x86_64-linux/lib)
find_library(HALOGRAPH_AMDHIP amdhip64 HINTS $ENV{ROCM_PATH}/lib /opt/rocm/lib)
mark_as_advanced(HALOGRAPH_NVCC HALOGRAPH_HIPCC HALOGRAPH_CUDART HALOGRAPH_AMDHIP)

# Finds out whether a back end can be compiled, unless option HALOGRAPH_<NAME> is OFF; where it is AUTO, it need not be.
# What can is in the global property HALOGRAPH_GPU_BACKENDS, its compiler with flags in HALOGRAPH_GPU_COMPILE_<name>.
function(find_gpu_backend backend compiler runtime)
  string(TOUPPER ${backend} option)
  set(wanted ${HALOGRAPH_${option}})
  if(NOT wanted STREQUAL "AUTO" AND NOT wanted)
    return()
  endif()
  # A compiler may be there without what it needs, or be too old: an empty kernel tells.
  if(NOT compiler OR NOT runtime)
    set(reason "no compiler, or no run-time library for it, found")
  elseif(NOT DEFINED HALOGRAPH_${option}_WORKS)
    set(trial ${CMAKE_CURRENT_BINARY_DIR}/${backend}_trial)
    file(WRITE ${trial}.cpp "#include <kernels/launch/qualifiers.hpp>\n__global__ void nothing() {}\n")
    execute_process(COMMAND ${compiler} ${ARGN} -I${PROJECT_SOURCE_DIR} -c ${trial}.cpp -o ${trial}.o
                    RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE text)
    if(failed)
      set(reason "${compiler} cannot compile an empty kernel: ${text}")
    else()
      set(HALOGRAPH_${option}_WORKS TRUE CACHE INTERNAL "")
    endif()
  endif()
  if(NOT HALOGRAPH_${option}_WORKS)
    if(wanted STREQUAL "AUTO")
      message(STATUS "Without device ${backend}: ${reason}")
    else()
      message(FATAL_ERROR "HALOGRAPH_${option}=${wanted}: ${reason}")
    endif()
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY HALOGRAPH_GPU_BACKENDS ${backend})
  set_property(GLOBAL PROPERTY HALOGRAPH_GPU_COMPILE_${backend} ${compiler} ${ARGN})
  set_property(GLOBAL PROPERTY HALOGRAPH_GPU_RUNTIME_${backend} ${runtime})
  message(STATUS "With device ${backend}: ${compiler}")
endfunction()

# Compiles sources for a back end and links them into a target.
function(add_gpu_sources target backend)
  get_property(compile GLOBAL PROPERTY HALOGRAPH_GPU_COMPILE_${backend})
  get_property(runtime GLOBAL PROPERTY HALOGRAPH_GPU_RUNTIME_${backend})
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${backend})
  set(objects)
  foreach(source IN LISTS ARGN)
    get_filename_component(name ${source} NAME_WE)
    get_filename_component(folder ${source} DIRECTORY)
    if(folder MATCHES "/device(/${backend})?$")
      set(name device_${name})
    endif()
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${backend}/${name}.o)
    add_custom_command(
      OUTPUT ${object}
      COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${compile} -DHALOGRAPH_BACKEND=${backend} -I${PROJECT_SOURCE_DIR}
              -I${PROJECT_SOURCE_DIR}/include -MD -MT ${object} -MF ${object}.d -c ${source} -o ${object}
      DEPENDS ${source}
      DEPFILE ${object}.d
      COMMENT "Compiling ${name} for ${backend}"
      VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set_source_files_properties(${objects} TARGET_DIRECTORY ${target} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_custom_target(${target}_kernels_${backend} DEPENDS ${objects})
  add_dependencies(${target} ${target}_kernels_${backend})
  target_sources(${target} PRIVATE ${objects})
  target_link_libraries(${target} PRIVATE ${runtime} ${CMAKE_DL_LIBS} rt)
endfunction()

# Contraction is off as on the host: see cmake/warnings.cmake.
find_gpu_backend(cuda "${HALOGRAPH_NVCC}" "${HALOGRAPH_CUDART}"
                 -x cu -std=c++20 -O2 --fmad=false -Xcompiler=-fPIC,-Wall,-Wextra --Werror=all-warnings
                 -gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=sm_90)
find_gpu_backend(hip "${HALOGRAPH_HIPCC}" "${HALOGRAPH_AMDHIP}"
                 -x hip -std=c++20 -O2 -ffp-contract=off -fPIC -Wall -Wextra -Werror --offload-arch=gfx90a)

file(GLOB block_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/device/*.cpp)
get_property(gpu_backends GLOBAL PROPERTY HALOGRAPH_GPU_BACKENDS)
foreach(backend IN LISTS gpu_backends)
  string(TOUPPER ${backend} option)
  # What one of the two has and the other has not.
  file(GLOB own_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/device/${backend}/*.cpp)
  add_gpu_sources(halograph ${backend} ${block_sources} ${own_sources})
  target_compile_definitions(halograph PRIVATE HALOGRAPH_HAS_${option})
endforeach()
