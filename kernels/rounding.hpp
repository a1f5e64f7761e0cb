// SPDX-License-Identifier: BSD-3-Clause
// Factors of products in the modes of halograph/core/precision.hpp, rounded as tensor cores' own conversions do: to the
// nearest of 10 bits of fraction, ties away from zero, or of 7 bits, ties to even. Infinities and NaNs stay.
#pragma once

#include <halograph/core/precision.hpp>
#include <kernels/launch/pack.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <int W>
HALOGRAPH_FN Pack<float, W> rounded_to_tf32(Pack<float, W> x) {
  using Bits = Pack<std::int32_t, W>;
  return select(x == x, from_bits((to_bits(x) + Bits(0x1000)) & Bits(~0x1FFF)), x);
}

template <int W>
HALOGRAPH_FN Pack<float, W> rounded_to_bf16(Pack<float, W> x) {
  using Bits = Pack<std::int32_t, W>;
  const Bits bits = to_bits(x), odd = (bits >> 16) & Bits(1);
  return select(x == x, from_bits((bits + Bits(0x7FFF) + odd) & Bits(~0xFFFF)), x);
}

/// A factor of a product; f64 stays as it is.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> rounded_factor(ProductMode mode, Pack<T, W> x) {
  if constexpr (sizeof(T) == 4) {
    if (mode == ProductMode::tf32) return rounded_to_tf32(x);
    if (mode == ProductMode::bf16) return rounded_to_bf16(x);
  }
  return x;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
