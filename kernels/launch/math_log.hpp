// SPDX-License-Identifier: BSD-3-Clause
// log and what is made of it. x = 2^e (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); with s = f / (2 + f),
// log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R(s^2)).
#pragma once

#include "kernels/launch/math_exp.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// A positive normal number as 2^exponent * mantissa, mantissa in [sqrt(1/2), sqrt(2)).
template <class T, int W>
struct Scaled {
  Pack<T, W> exponent, mantissa;
};

template <class T, int W>
HALOGRAPH_FN Scaled<T, W> split_exponent(Pack<T, W> x) {
  using F = Format<T>;
  using Integer = typename F::Integer;
  constexpr Integer root_half = sizeof(T) == 4 ? Integer(0x3f3504f3) : Integer(0x3fe6a09e667f3bcd);
  constexpr Integer fraction = (Integer{1} << F::fraction_bits) - 1;
  const auto offset = to_bits(x) - root_half;
  Scaled<T, W> s;
  s.exponent = from_bits((offset >> F::fraction_bits) + F::rounder_bits) - F::rounder;
  s.mantissa = from_bits((offset & fraction) + root_half);
  return s;
}

/// exponent * ln 2 + log(1 + f) + correction.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> log_of(Pack<T, W> exponent, Pack<T, W> f, Pack<T, W> correction) {
  using P = Pack<T, W>;
  constexpr T ln2_high = sizeof(T) == 4 ? T(0x1.62e43p-1f) : T(0x1.62e42fefa39efp-1);
  constexpr T ln2_low = sizeof(T) == 4 ? T(-0x1.05c61p-29f) : T(0x1.abc9e3b39803fp-56);
  const P s = f / (f + T(2));
  const P z = s * s;
  P series;
  if constexpr (sizeof(T) == 4) {
    series = polynomial(z, 6.666676525e-1f, 3.997862848e-1f, 2.984706845e-1f);
  } else {
    series = polynomial(z, 6.6666666666666988e-1, 3.9999999999613309e-1, 2.8571428703466762e-1, 2.2222202187806144e-1,
                        1.818339131613792e-1, 1.5318177493406346e-1, 1.4757098727514558e-1);
  }
  const P half_square = T(0.5) * f * f;
  const P low = fma(s, fma(z, series, half_square), fma(exponent, P(ln2_low), correction));
  return fma(exponent, P(ln2_high), f - (half_square - low));
}

/// The natural logarithm, within 1 ulp. -infinity for 0 and -0, NaN below.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> log(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  constexpr T lift = sizeof(T) == 4 ? T(0x1p25) : T(0x1p54);
  constexpr T lifted = sizeof(T) == 4 ? T(25) : T(54);
  const auto denormal = x < F::smallest_normal;
  const auto s = split_exponent(select(denormal, x * lift, x));
  const P exponent = s.exponent - select(denormal, P(lifted), P(T(0)));
  P result = log_of(exponent, s.mantissa - T(1), P(T(0)));
  result = select(x < F::infinity, result, x);
  result = select(x == T(0), P(-F::infinity), result);
  return select(x < T(0), P(F::nan), result);
}

/// log(1 + x), within 1 ulp, also near 0; keeps the sign of 0. -infinity for -1, NaN below.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> log1p(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  const P u = x + T(1);
  const auto s = split_exponent(u);
  const auto direct = s.exponent == T(0);
  // What the rounding of 1 + x lost.
  const P lost = select(x < T(1), x - (u - T(1)), T(1) - (u - x));
  const P correction = select(direct, P(T(0)), lost / u);
  const auto is_linear = abs(x) < linear_below<T>;
  const P f = select(is_linear, P(T(0)), select(direct, x, s.mantissa - T(1)));
  P result = log_of(s.exponent, f, correction);
  result = select(is_linear, x, select(x < F::infinity, result, x));
  result = select(x == T(-1), P(-F::infinity), result);
  return select(x < T(-1), P(F::nan), result);
}

/// log(1 + e^x), within 2 ulp, also where it is small, and 0 where it is faint; x itself for large x.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> softplus(Pack<T, W> x) {
  using P = Pack<T, W>;
  return select(x < T(0), P(T(0)), x) + log1p(fading_exp(-abs(x)));
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
