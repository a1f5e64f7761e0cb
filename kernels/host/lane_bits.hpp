// SPDX-License-Identifier: BSD-3-Clause
// The lanes of a mask as bits of a number, for loops over the few lanes that hold.
#pragma once

#include <kernels/launch/pack.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Bit i is lane i.
template <class Integer, int W>
HALOGRAPH_FN unsigned lane_bits(LaneMask<Integer, W> mask) {
  if constexpr (!LaneMask<Integer, W>::native) {
    return lane_bits(mask.low) | lane_bits(mask.high) << (W / 2);
  } else if constexpr (W == 1) {
    return mask.value ? 1u : 0u;
#ifdef __AVX512F__
  } else if constexpr (sizeof(mask.value) == 64) {
    if constexpr (sizeof(Integer) == 4) return _mm512_movepi32_mask((__m512i)mask.value);
    else return _mm512_movepi64_mask((__m512i)mask.value);
#endif
#ifdef __AVX__
  } else if constexpr (sizeof(mask.value) == 32) {
    if constexpr (sizeof(Integer) == 4) return unsigned(_mm256_movemask_ps((__m256)mask.value));
    else return unsigned(_mm256_movemask_pd((__m256d)mask.value));
#endif
#ifdef __SSE2__
  } else if constexpr (sizeof(mask.value) == 16) {
    if constexpr (sizeof(Integer) == 4) return unsigned(_mm_movemask_ps((__m128)mask.value));
    else return unsigned(_mm_movemask_pd((__m128d)mask.value));
#endif
  } else {
    unsigned bits = 0;
    for (int i = 0; i < W; ++i) bits |= (mask.value[i] ? 1u : 0u) << i;
    return bits;
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
