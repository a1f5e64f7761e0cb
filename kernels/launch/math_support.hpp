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

/// 2^n for n in the range of normal exponents.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> power_of_two(Pack<typename Format<T>::Integer, W> n) {
  return from_bits((n + Format<T>::bias) << Format<T>::fraction_bits);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
