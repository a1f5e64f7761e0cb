# SPDX-License-Identifier: BSD-3-Clause
# cmake -DROOT=<source folder> -P named_paths.cmake
# Every file and folder that docs/architecture.md names in backticks exists, in the tree or below include/halograph.
cmake_minimum_required(VERSION 3.22)
file(READ ${ROOT}/docs/architecture.md page)
string(REGEX MATCHALL "`[a-z_./]+`" names "${page}")
set(checked 0)
foreach(name IN LISTS names)
  string(REPLACE "`" "" name "${name}")
  if(name MATCHES "/|\\.hpp$|\\.cpp$")
    if(NOT EXISTS ${ROOT}/${name} AND NOT EXISTS ${ROOT}/include/halograph/${name} AND NOT EXISTS ${ROOT}/src/${name})
      message(SEND_ERROR "docs/architecture.md names ${name}, which does not exist")
    endif()
    math(EXPR checked "${checked} + 1")
  endif()
endforeach()
if(checked LESS 20)
  message(FATAL_ERROR "docs/architecture.md names ${checked} paths; more were expected")
endif()
