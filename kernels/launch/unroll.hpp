// SPDX-License-Identifier: BSD-3-Clause
// What a GPU's compiler has to be told of a loop. An array whose every index is known after unrolling lives in
// registers; one that a loop walks lives in memory. Host compilers decide for themselves.
#pragma once

#include <kernels/launch/qualifiers.hpp>

#if defined(__CUDA_ARCH__) || defined(__HIPCC__)
#define HALOGRAPH_UNROLL _Pragma("unroll")
#define HALOGRAPH_KEEP_LOOP _Pragma("unroll 1")
#else
#define HALOGRAPH_UNROLL
#define HALOGRAPH_KEEP_LOOP
#endif

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Makes the compiler forget what it knows of a number. What follows from a thread's number is soon computed again;
/// kept from phase to phase, it takes registers from the sums.
HALOGRAPH_FN int forgotten(int number) {
#if defined(__CUDA_ARCH__)
  asm volatile("" : "+r"(number));
#endif
  return number;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
