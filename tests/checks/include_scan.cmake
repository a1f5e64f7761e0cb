# SPDX-License-Identifier: BSD-3-Clause
# cmake -DROOT=<source folder> -P include_scan.cmake
# Holds the architecture: which folder includes which. The lists are exact. An include that is not listed is an error,
# and so is an arrow that no include uses any more. A folder may only use those above it, so there are no cycles.
cmake_minimum_required(VERSION 3.22)

# <folder> <folders that it includes>
set(modules
    "core:kernels"
    "mpi:core"
    "graph:core mpi kernels"
    "autograd:core graph"
    "ops:core graph autograd kernels"
    "optim:core autograd ops"
    "nn:core mpi graph autograd ops"
    "io:core mpi graph"
    "data:core graph autograd ops io"
    "train:core mpi graph autograd ops optim nn io data"
    "infer:core graph autograd ops data train"
    "tool:core mpi graph io train")
set(rooms
    "routing:"
    "slab:routing"
    "dist:routing"
    "setup:routing slab dist"
    "rewire:routing dist setup"
    "neighbours:routing dist rewire"
    "mesh:routing slab"
    "costs:routing slab dist setup mesh")
# Kernels see plain views, and the names of numeric types, devices and product modes.
set(kernels_see halograph/core/dtype.hpp halograph/core/device.hpp halograph/core/precision.hpp halograph/core/error.hpp)

set(wrong 0)
macro(complain text)
  message(SEND_ERROR "${text}")
  math(EXPR wrong "${wrong} + 1")
endmacro()

# Checks the folders of a list against each other. PREFIX stands before a folder's name in an include, FOLDERS are the
# places where a folder may lie.
function(check_arrows list prefix folders)
  set(known kernels)
  foreach(entry IN LISTS ${list})
    string(REGEX MATCH "^([a-z]+):(.*)$" _ "${entry}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE " " ";" allowed "${CMAKE_MATCH_2}")
    foreach(other IN LISTS allowed)
      if(NOT other IN_LIST known)
        complain("include_scan: ${name} -> ${other} points down the list")
      endif()
    endforeach()
    list(APPEND known ${name})
    set(may_${name} "${allowed}")
  endforeach()
  list(REMOVE_ITEM known kernels)
  foreach(name IN LISTS known)
    set(patterns)
    foreach(folder IN LISTS folders)
      list(APPEND patterns ${ROOT}/${folder}/${name}/*pp)
    endforeach()
    file(GLOB_RECURSE files RELATIVE ${ROOT} ${patterns})
    set(used)
    foreach(file IN LISTS files)
      file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include")
      foreach(line IN LISTS lines)
        if(line MATCHES "[<\"]kernels/" AND file MATCHES "^include/")
          complain("${file}: a public header shows the kernels: ${line}")
        endif()
        if(prefix STREQUAL "" AND line MATCHES "[<\"](kernels)/" OR line MATCHES "[<\"](halograph/)?${prefix}([a-z]+)/")
          if(CMAKE_MATCH_2)
            set(other ${CMAKE_MATCH_2})
          else()
            set(other ${CMAKE_MATCH_1})
          endif()
          if(other STREQUAL name OR NOT (other IN_LIST known OR (other STREQUAL "kernels" AND prefix STREQUAL "")))
            continue()
          endif()
          list(APPEND used ${other})
          if(NOT other IN_LIST may_${name})
            complain("${file}: ${prefix}${name} -> ${prefix}${other} is not an arrow of the architecture: ${line}")
          endif()
        endif()
      endforeach()
    endforeach()
    foreach(other IN LISTS may_${name})
      if(files AND NOT other IN_LIST used)
        complain("include_scan: nothing uses the arrow ${prefix}${name} -> ${prefix}${other} any more; strike it")
      endif()
    endforeach()
  endforeach()
  set(wrong ${wrong} PARENT_SCOPE)
endfunction()

check_arrows(modules "" "include/halograph;src")
check_arrows(rooms "graph/" "include/halograph/graph;src/graph")

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/kernels/*pp)
foreach(file IN LISTS files)
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include *[<\"][a-z_]+/")
  list(FILTER lines EXCLUDE REGEX "[<\"](kernels|hip|sys)/")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[<\"](.*)[>\"]" _ "${line}")
    list(APPEND seen ${CMAKE_MATCH_1})
    if(NOT CMAKE_MATCH_1 IN_LIST kernels_see)
      complain("${file}: kernels see plain views: ${line}")
    endif()
  endforeach()
endforeach()
foreach(header IN LISTS kernels_see)
  if(NOT header IN_LIST seen)
    complain("include_scan: no kernel includes ${header} any more; strike it")
  endif()
endforeach()

if(wrong)
  message(FATAL_ERROR "${wrong} faults against the architecture")
endif()
