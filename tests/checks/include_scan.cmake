# SPDX-License-Identifier: BSD-3-Clause
# cmake -DROOT=<source folder> -P include_scan.cmake
cmake_minimum_required(VERSION 3.22)

# Dependencies run one way. Below is what the files of a module may include besides their own; what is not
# listed is an error. Headers in include/ never show the kernels.
set(may_core)
set(may_mpi core)
set(may_graph core mpi)
set(may_ops core mpi graph autograd)
set(may_autograd core mpi graph ops)
set(may_nn core mpi graph ops autograd)
set(may_optim core mpi graph ops autograd)
set(may_io core mpi graph ops autograd nn)
set(may_data core mpi graph ops autograd nn optim io)
set(may_train core mpi graph ops autograd nn optim io data)
set(may_infer core mpi graph ops autograd nn optim io data train)
set(modules core mpi graph ops autograd nn optim io data train infer)
set(wrong 0)

macro(complain file line)
  message(SEND_ERROR "${file}: ${line}")
  math(EXPR wrong "${wrong} + 1")
endmacro()

foreach(module IN LISTS modules)
  file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/include/halograph/${module}/*.hpp ${ROOT}/src/${module}/*pp)
  foreach(file IN LISTS files)
    file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include")
    foreach(line IN LISTS lines)
      if(line MATCHES "[<\"]kernels/" AND file MATCHES "^include/")
        complain(${file} "${line}")
      elseif(line MATCHES "[<\"](halograph/)?([a-z_]+)/" AND CMAKE_MATCH_2 IN_LIST modules
             AND NOT CMAKE_MATCH_2 STREQUAL module AND NOT CMAKE_MATCH_2 IN_LIST may_${module})
        complain(${file} "${line}")
      endif()
    endforeach()
  endforeach()
endforeach()

# Kernels see plain views, and the names of numeric types, devices and product modes.
file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/kernels/*pp)
foreach(file IN LISTS files)
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include *[<\"][a-z_]+/")
  list(FILTER lines EXCLUDE REGEX "[<\"](kernels|hip)/|[<\"]halograph/core/(dtype|device|precision|error)\\.hpp")
  foreach(line IN LISTS lines)
    complain(${file} "${line}")
  endforeach()
endforeach()

if(wrong)
  message(FATAL_ERROR "${wrong} includes against the order of the modules")
endif()
