// SPDX-License-Identifier: BSD-3-Clause
// sin and cos: |x| = n pi/2 + r + tail with pi/2 in three parts (Cody and Waite), then a polynomial in r^2, which of
// the two being told by n. The reduction carries |x| <= 1e5; beyond, the result is NaN rather than wrong.
#pragma once

#include "kernels/launch/math_support.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// sin(r + tail) for |r| <= 0.8.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> sin_near_zero(Pack<T, W> r, Pack<T, W> z, Pack<T, W> tail) {
  Pack<T, W> series;
  if constexpr (sizeof(T) == 4) {
    series = polynomial(z, -1.666665364e-1f, 8.332093121e-3f, -1.950553322e-4f);
  } else {
    series = polynomial(z, -1.6666666666666624e-1, 8.3333333333203844e-3, -1.9841269828104311e-4, 2.7557313079866317e-6,
                        -2.5050659649639853e-8, 1.5890963674073483e-10);
  }
  return r + fma(r * z, series, tail);
}

/// cos(r + tail) for |r| <= 0.8.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> cos_near_zero(Pack<T, W> r, Pack<T, W> z, Pack<T, W> tail) {
  using P = Pack<T, W>;
  P series;
  if constexpr (sizeof(T) == 4) {
    series = polynomial(z, 4.166664482e-2f, -1.388726215e-3f, 2.442591592e-5f);
  } else {
    series = polynomial(z, 4.1666666666666597e-2, -1.3888888888873108e-3, 2.4801587288596909e-5, -2.7557314041437133e-7,
                        2.0875675090741743e-9, -1.1356904298479458e-11);
  }
  const P half_square = T(0.5) * z;
  const P leading = T(1) - half_square;
  const P rounding = (T(1) - leading) - half_square;
  return leading + fma(z * z, series, rounding - r * tail);
}

/// sin(x) for quarter 0, cos(x) = sin(x + pi/2) for quarter 1.
template <int quarter, class T, int W>
HALOGRAPH_FN Pack<T, W> sin_from_quarter(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  using Integer = typename F::Integer;
  using Integers = Pack<Integer, W>;
  constexpr T half_pi_high = sizeof(T) == 4 ? T(0x1.921fb6p+0f) : T(0x1.921fb54442d18p+0);
  constexpr T half_pi_middle = sizeof(T) == 4 ? T(-0x1.777a5cp-25f) : T(0x1.1a62633145c07p-54);
  constexpr T half_pi_low = sizeof(T) == 4 ? T(-0x1.ee59dap-50f) : T(-0x1.f1976b7ed8fbcp-110);
  constexpr T least = sizeof(T) == 4 ? T(0x1p-30f) : T(0x1p-60);  // sin(r) is r below it, cos(r) is 1
  constexpr int sign_bit = 8 * static_cast<int>(sizeof(T)) - 1;

  const P magnitude = abs(x);
  const P shifted = fma(magnitude, P(T(0.63661977236758134308)), P(F::rounder));
  const P count = shifted - F::rounder;
  const Integers n = to_bits(shifted) + Integer(quarter);

  const P high = fma(count, P(-half_pi_high), magnitude);  // exact
  const P middle = count * half_pi_middle;
  const P middle_error = fma(count, P(half_pi_middle), -middle);
  const P difference = high - middle;
  const P part = difference - high;
  const P difference_error = (high - (difference - part)) - (middle + part);
  const P rest = fma(count, P(-half_pi_low), difference_error - middle_error);
  const P r = difference + rest;
  const P tail = (difference - r) + rest;

  const P visible = zero_below(least, r);  // whose fourth power is normal
  const P z = visible * visible;
  const P value = select((n & Integer(1)) == Integer(0), sin_near_zero(r, z, tail), cos_near_zero(r, z, tail));
  Integers flip = (n & Integer(2)) << (sign_bit - 1);
  if constexpr (quarter == 0) flip = flip ^ (to_bits(x) & (Integers(1) << sign_bit));
  return select(magnitude <= T(1e5), from_bits(to_bits(value) ^ flip), P(F::nan));
}

/// sin(x) for |x| <= 1e5, within 1 ulp, also near its zeros; keeps the sign of 0. NaN beyond.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> sin(Pack<T, W> x) {
  return sin_from_quarter<0>(x);
}

/// cos(x) for |x| <= 1e5, within 1 ulp, also near its zeros. NaN beyond.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> cos(Pack<T, W> x) {
  return sin_from_quarter<1>(x);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
