// SPDX-License-Identifier: BSD-3-Clause
// exp and what is made of it. x = n ln 2 + r with |r| <= ln(2)/2; expm1(r) is a polynomial; the power 2^n is
// applied in two factors where results overflow to infinity. No result and no step on the way is denormal.
#pragma once

#include "kernels/launch/math_support.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// ln 2 as a sum of two numbers.
template <class T>
inline constexpr T ln2_high = sizeof(T) == 4 ? T(0x1.62e43p-1f) : T(0x1.62e42fefa39efp-1);
template <class T>
inline constexpr T ln2_low = sizeof(T) == 4 ? T(-0x1.05c61p-29f) : T(0x1.abc9e3b39803fp-56);

/// (exp(r) - 1 - r) / r^2 for |r| <= 0.3475.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> exp_curvature(Pack<T, W> r) {
  if constexpr (sizeof(T) == 4) {
    return polynomial(r, 5.000000095e-1f, 1.666651804e-1f, 4.166620413e-2f, 8.369005464e-3f, 1.39506551e-3f);
  } else {
    return polynomial(r, 5.0000000000000121e-1, 1.6666666666666699e-1, 4.1666666666518815e-2, 8.3333333333072974e-3,
                      1.3888888946461575e-3, 1.984126991741779e-4, 2.4801490261441513e-5, 2.7557216118471637e-6,
                      2.7631237531762615e-7, 2.5117955440857781e-8);
  }
}

/// x = count * ln 2 + r + tail, |r| <= ln(2)/2; n is count as integers.
template <class T, int W>
struct ExpArgument {
  Pack<T, W> count, r, tail;
  Pack<typename Format<T>::Integer, W> n;
};

template <class T, int W>
HALOGRAPH_FN ExpArgument<T, W> reduce_by_ln2(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  const P shifted = fma(x, P(T(1.4426950408889634074)), P(F::rounder));
  ExpArgument<T, W> a;
  a.n = to_bits(shifted) - F::rounder_bits;
  a.count = shifted - F::rounder;
  const P high = fma(a.count, P(-ln2_high<T>), x);
  a.r = fma(a.count, P(-ln2_low<T>), high);
  a.tail = fma(a.count, P(-ln2_low<T>), high - a.r);
  return a;
}

/// e^x, within 1 ulp, and 0 where that is denormal. Infinity from the overflow threshold on.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> exp(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  constexpr T lowest = sizeof(T) == 4 ? T(-87.33654) : T(-708.396418532264);  // the smallest normal result
  constexpr T highest = sizeof(T) == 4 ? T(89) : T(710);                      // the result is infinity
  P y = select(x < lowest, P(lowest), x);
  y = select(y > highest, P(highest), y);
  const auto a = reduce_by_ln2(y);
  const P visible = zero_below(linear_below<T>, a.r);
  const P mantissa = (fma(visible * visible, exp_curvature(a.r), a.tail) + a.r) + T(1);
  const auto n1 = to_bits(fma(a.count, P(T(0.5)), P(F::rounder))) - F::rounder_bits;
  return select(x < lowest, P(T(0)), mantissa * power_of_two<T, W>(n1) * power_of_two<T, W>(a.n - n1));
}

/// e^x for x <= 0, with the bits of exp where that is not faint, else 0. 1 where x > 0.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> fading_exp(Pack<T, W> x) {
  using P = Pack<T, W>;
  constexpr T lowest = sizeof(T) == 4 ? T(-43.66827) : T(-354.198209266132);  // the result is faint below
  const P y = max(min(P(-linear_below<T>), x), P(lowest));                    // in this order NaN stays NaN
  const auto a = reduce_by_ln2(y);
  const P mantissa = (fma(a.r * a.r, exp_curvature(a.r), a.tail) + a.r) + T(1);
  return select(x < lowest, P(T(0)), mantissa * power_of_two<T, W>(a.n));
}

/// e^x - 1, within 2 ulp, also near 0; keeps the sign of 0.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> expm1(Pack<T, W> x) {
  using P = Pack<T, W>;
  using Integer = typename Format<T>::Integer;
  constexpr T lowest = sizeof(T) == 4 ? T(-20) : T(-40);  // the result is -1
  constexpr T highest = sizeof(T) == 4 ? T(89) : T(710);  // the result is infinity
  const auto is_linear = abs(x) < linear_below<T>;
  P y = select(x < lowest, P(lowest), x);
  y = select(y > highest, P(highest), y);
  y = select(is_linear, P(T(0)), y);
  const auto a = reduce_by_ln2(y);
  const P rest = fma(a.r * a.r, exp_curvature(a.r), a.tail) + a.r;
  // Half the result first: 2^n itself may overflow where the result does not.
  const P half = power_of_two<T, W>(a.n - Integer(1));
  const P result = T(2) * fma(half, rest, half - T(0.5));
  return select(is_linear, x, result);
}

/// e^x - 1 for x <= 0, within 2 ulp, in fewer steps than expm1: nothing overflows, and away from 0 the result is
/// large enough to forgive the rounding of r. x itself where x > 0 or NaN.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> expm1_of_negative(Pack<T, W> x) {
  using P = Pack<T, W>;
  using F = Format<T>;
  constexpr T lowest = sizeof(T) == 4 ? T(-20) : T(-40);  // the result is -1
  const P y = max(min(x, P(-linear_below<T>)), P(lowest));
  const P shifted = fma(y, P(T(1.4426950408889634074)), P(F::rounder));
  const P count = shifted - F::rounder;
  const P r = fma(count, P(-ln2_low<T>), fma(count, P(-ln2_high<T>), y));
  const P rest = fma(r * r, exp_curvature(r), r);
  // The rounder's own bits leave at the top.
  const P power = from_bits((to_bits(shifted) << F::fraction_bits) + (F::bias << F::fraction_bits));
  return select(x < -linear_below<T>, fma(power, rest, power - T(1)), x);
}

/// tanh(x), within 3 ulp; keeps the sign of 0.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> tanh(Pack<T, W> x) {
  const Pack<T, W> t = expm1(T(-2) * abs(x));
  return copysign(t / (t + T(2)), x);
}

/// 1 / (1 + e^-x), within 3 ulp, also where it is small, and 0 where it is faint.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> sigmoid(Pack<T, W> x) {
  const Pack<T, W> e = fading_exp(-abs(x));
  return select(x < T(0), e, Pack<T, W>(T(1))) / (e + T(1));
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
