// SPDX-License-Identifier: BSD-3-Clause
// What the transcendental functions share: the layout of a floating point number, Horner's rule, and the trick
// that rounds to integers by adding a large number.
#pragma once

#include "kernels/launch/pack.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T>
struct Format;

template <>
struct Format<float> {
  using Integer = std::int32_t;
  static constexpr int fraction_bits = 23;
  static constexpr Integer bias = 127;
  static constexpr float infinity = __builtin_inff();
  static constexpr float nan = __builtin_nanf("");
  static constexpr float smallest_normal = 0x1p-126f;
  /// Adding it rounds |x| < 2^22 to the nearest integer, which then lies in the low bits.
  static constexpr float rounder = 0x1.8p23f;
  static constexpr Integer rounder_bits = 0x4b400000;
};

template <>
struct Format<double> {
  using Integer = std::int64_t;
  static constexpr int fraction_bits = 52;
  static constexpr Integer bias = 1023;
  static constexpr double infinity = __builtin_inf();
  static constexpr double nan = __builtin_nan("");
  static constexpr double smallest_normal = 0x1p-1022;
  /// Adding it rounds |x| < 2^51 to the nearest integer, which then lies in the low bits.
  static constexpr double rounder = 0x1.8p52;
  static constexpr Integer rounder_bits = 0x4338000000000000;
};

/// c0 + c1 x + c2 x^2 + ..., by Horner's rule with one fma per coefficient.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> polynomial(Pack<T, W>, T c0) {
  return Pack<T, W>(c0);
}
template <class T, int W, class... Rest>
HALOGRAPH_FN Pack<T, W> polynomial(Pack<T, W> x, T c0, Rest... rest) {
  return fma(polynomial(x, rest...), x, Pack<T, W>(c0));
}

/// The root of the smallest normal number. Functions that fade give 0 below it: a product of two of their values, or of
/// one of them with any weight or gradient that is not fainter, is then normal. Denormal numbers are right everywhere,
/// but some processors take 100 times as long for them, and what is so small beside 1 is lost in every sum.
template <class T>
inline constexpr T faint = sizeof(T) == 4 ? T(0x1p-63f) : T(0x1p-511);
/// So small that functions with f(x) = x + O(x^2) round to x, and far from faint.
template <class T>
inline constexpr T linear_below = sizeof(T) == 4 ? T(0x1p-40f) : T(0x1p-60);

/// x, and 0 where |x| < bound.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> zero_below(T bound, Pack<T, W> x) {
  return select(abs(x) < bound, Pack<T, W>(T(0)), x);
}
template <class T, int W>
HALOGRAPH_FN Pack<T, W> without_faint(Pack<T, W> x) {
  return zero_below(faint<T>, x);
}

/// x^2, and 0 where that would be denormal.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> squared(Pack<T, W> x) {
  const Pack<T, W> y = without_faint(x);
  return y * y;
}

/// 2^n for n in the range of normal exponents.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> power_of_two(Pack<typename Format<T>::Integer, W> n) {
  return from_bits((n + Format<T>::bias) << Format<T>::fraction_bits);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
