# SPDX-License-Identifier: BSD-3-Clause
# write_snippets(<page> <its name in messages> <source to write>): a function for each ```cpp block, which has the
# variables of the page's introduction as arguments and may use their names anew. The page is cut with FIND and
# SUBSTRING alone, since C++ has semicolons and brackets, which lists of CMake do not survive.
set(snippet_arguments "[[maybe_unused]] Graph graph, [[maybe_unused]] Batch batch, [[maybe_unused]] Tensor x,
    [[maybe_unused]] Tensor edge_weight, [[maybe_unused]] Tensor edge_attr, [[maybe_unused]] Tensor pos,
    [[maybe_unused]] DType dtype, [[maybe_unused]] Scope scope")

function(write_snippets page title source)
  set(fence "\n```cpp\n")
  file(READ ${page} rest)
  string(PREPEND rest "\n")
  set(line 0)  # of the page, where `rest` begins
  set(functions "")
  set(entries "")
  string(FIND "${rest}" "${fence}" at)
  while(NOT at EQUAL -1)
    string(LENGTH "${fence}" length)
    math(EXPR at "${at} + ${length} - 1")
    cut(${at} before)
    string(FIND "${rest}" "\n```\n" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${title}:${line}: this block has no end")
    endif()
    math(EXPR first "${line} + 1")
    cut(${at} block)
    string(APPEND functions "void at_line_${first}(${snippet_arguments}) {\n  {\n"
                            "#line ${first} \"${title}\"${block}\n  }\n}\n\n")
    string(APPEND entries "    {${first}, at_line_${first}},\n")
    string(FIND "${rest}" "${fence}" at)
  endwhile()
  set(content "// Made from ${title} by tests/docs/snippets.cmake.\n#include \"tests/docs/snippet.hpp\"\n\n")
  string(APPEND content "using namespace halograph;\n\nnamespace {\n\n${functions}}  // namespace\n\n")
  string(APPEND content "const std::vector<testing::Snippet>& testing::snippets() {\n")
  string(APPEND content "  static const std::vector<Snippet> all = {\n${entries}  };\n  return all;\n}\n")
  file(CONFIGURE OUTPUT ${source} CONTENT "@content@" @ONLY)  # touched only if it differs
endfunction()

# Moves the first `length` characters of `rest` into `head` and counts their lines.
macro(cut length head)
  string(SUBSTRING "${rest}" 0 ${length} ${head})
  string(SUBSTRING "${rest}" ${length} -1 rest)
  string(REGEX REPLACE "[^\n]" "" ends "${${head}}")
  string(LENGTH "${ends}" ends)
  math(EXPR line "${line} + ${ends}")
endmacro()
