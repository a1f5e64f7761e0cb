// SPDX-License-Identifier: BSD-3-Clause
// What a GPU's compiler has to be told of a loop. An array whose every index is known after unrolling lives in registers;
// one that a loop walks lives in memory. Host compilers decide for themselves.
#pragma once

#include <kernels/launch/qualifiers.hpp>

#if defined(__CUDA_ARCH__) || defined(__HIPCC__)
#define HALOGRAPH_UNROLL _Pragma("unroll")
#define HALOGRAPH_KEEP_LOOP _Pragma("unroll 1")
#else
#define HALOGRAPH_UNROLL
#define HALOGRAPH_KEEP_LOOP
#endif
