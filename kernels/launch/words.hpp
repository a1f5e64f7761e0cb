// SPDX-License-Identifier: BSD-3-Clause
// 32-bit words in the lanes of 64-bit integers, for arithmetic that needs both halves of their products. The upper half
// of a lane means nothing unless it is said to.
#pragma once

#include <kernels/launch/pack.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class Part>
HALOGRAPH_FN Part product_of_words(Part a, Part b) {
  constexpr std::int64_t low = 0xffffffff;
  return (a & low) * (b & low);
}
template <>
HALOGRAPH_FN std::int64_t product_of_words(std::int64_t a, std::int64_t b) {
  return std::int64_t(std::uint64_t(std::uint32_t(a)) * std::uint32_t(b));
}
#if !HALOGRAPH_ON_BLOCKS && defined(__SSE2__)
template <>
HALOGRAPH_FN Vector<std::int64_t, 2> product_of_words(Vector<std::int64_t, 2> a, Vector<std::int64_t, 2> b) {
  return (Vector<std::int64_t, 2>)_mm_mul_epu32((__m128i)a, (__m128i)b);
}
#ifdef __AVX2__
template <>
HALOGRAPH_FN Vector<std::int64_t, 4> product_of_words(Vector<std::int64_t, 4> a, Vector<std::int64_t, 4> b) {
  return (Vector<std::int64_t, 4>)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}
#endif
#ifdef __AVX512F__
template <>
HALOGRAPH_FN Vector<std::int64_t, 8> product_of_words(Vector<std::int64_t, 8> a, Vector<std::int64_t, 8> b) {
  return (Vector<std::int64_t, 8>)_mm512_maskz_mul_epu32(-1, (__m512i)a, (__m512i)b);
}
#endif
#endif

template <int W>
using Words = Pack<std::int64_t, W>;

/// All 64 bits of the product of two words.
template <int W>
HALOGRAPH_FN Words<W> multiply_words(Words<W> a, Words<W> b) {
  if constexpr (!Words<W>::native) return Words<W>::join(multiply_words(a.low, b.low), multiply_words(a.high, b.high));
  else return Words<W>::of(product_of_words(a.value, b.value));
}

/// Shifts to the right all 64 bits of a lane; zeros move in.
template <int W>
HALOGRAPH_FN Words<W> shift_down(Words<W> a, int count) {
  using Part = typename Words<W>::Part;
  using Unsigned = typename Words<W>::Unsigned;
  if constexpr (!Words<W>::native) return Words<W>::join(shift_down(a.low, count), shift_down(a.high, count));
  else return Words<W>::of((Part)((Unsigned)a.value >> count));
}

/// The word alone: the upper half is 0.
template <int W>
HALOGRAPH_FN Words<W> word_of(Words<W> a) {
  return a & Words<W>(std::int64_t(0xffffffff));
}

/// The 53 upper bits of the 64 that two words make, as a number in [0, 1): exact, by the exponents that such integers
/// have as the fractions of large numbers.
template <int W>
HALOGRAPH_FN Pack<double, W> unit_number(Words<W> high, Words<W> low) {
  const Words<W> upper = shift_down(word_of(high), 11);                         // 21 bits
  const Words<W> lower = word_of((high << 21) | shift_down(word_of(low), 11));  // 32 bits
  const Pack<double, W> big = from_bits(upper | Words<W>(0x4530000000000000)) - Pack<double, W>(0x1p84);
  const Pack<double, W> small = from_bits(lower | Words<W>(0x4330000000000000)) - Pack<double, W>(0x1p52);
  return (big + small) * Pack<double, W>(0x1p-53);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
