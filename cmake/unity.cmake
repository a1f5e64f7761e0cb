# SPDX-License-Identifier: BSD-3-Clause
# Most of the time that a source takes to compile goes into the headers it includes. With HALOGRAPH_UNITY the sources of
# a folder are compiled together, which takes a third of the time. Without it each is compiled alone, which shows an
# include that is missing.
option(HALOGRAPH_UNITY "Compile the sources of a folder together" ON)

# compile_folders_together(<target> <most sources at a time> [<folder> ...]): sources of different folders stay apart.
# So do those of the folders named, whose sources use one name for different things.
function(compile_folders_together target most)
  if(NOT HALOGRAPH_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(SORT sources)
  set(folder "")
  foreach(source IN LISTS sources)
    get_filename_component(parent ${source} DIRECTORY)
    get_filename_component(parent "${parent}" ABSOLUTE)
    if(NOT parent STREQUAL folder)
      set(folder ${parent})
      set(count 0)
    endif()
    file(RELATIVE_PATH group ${PROJECT_SOURCE_DIR} ${folder})
    if(group IN_LIST ARGN)
      continue()
    endif()
    math(EXPR part "${count} / ${most}")
    math(EXPR count "${count} + 1")
    string(MAKE_C_IDENTIFIER "${group}_${part}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
