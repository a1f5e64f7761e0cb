# SPDX-License-Identifier: BSD-3-Clause
# Contraction of a*b+c into an fma would make the bits depend on the compiler: it is off everywhere, and every
# fma in the kernels is written as one.
add_library(halograph_warnings INTERFACE)
target_compile_options(halograph_warnings INTERFACE -Wall -Wextra -Wpedantic -ffp-contract=off)
if(HALOGRAPH_WERROR)
  target_compile_options(halograph_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
