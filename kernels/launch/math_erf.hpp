// SPDX-License-Identifier: BSD-3-Clause
// The error function: x times a polynomial in x^2 for small |x|, 1 - exp(-p(|x|)) with a polynomial p for
// -log(erfc) beyond.
#pragma once

#include "kernels/launch/math_exp.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// erf(x) / x - 1 as a function of z = x^2 <= 0.81.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> erf_near_zero(Pack<T, W> z) {
  if constexpr (sizeof(T) == 4) {
    return polynomial(z, 1.283791668e-1f, -3.761263531e-1f, 1.128371972e-1f, -2.686075285e-2f, 5.204436108e-3f,
                      -8.181928122e-4f, 8.538842414e-5f);
  } else {
    return polynomial(z, 1.2837916709551257e-1, -3.761263890318373e-1, 1.128379167095382e-1, -2.6866170644828803e-2,
                      5.2239776218204369e-3, -8.5483267673492628e-4, 1.2055321485959878e-4, -1.4925309920964797e-5,
                      1.6455364073060502e-6, -1.6276851543509702e-7, 1.4053170645936972e-8, -8.4977862908641071e-10);
  }
}

/// -log(1 - erf(x)) for 0.85 <= x <= 4 (float) or 6 (double), weighted for use in erf.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> minus_log_erfc(Pack<T, W> x) {
  if constexpr (sizeof(T) == 4) {
    return polynomial(x, -1.562962147e-4f, 1.129424931f, 6.335318016e-1f, 1.080735713e-1f, -2.498407985e-2f,
                      4.119046833e-3f, -4.236137455e-4f, 2.014811427e-5f);
  } else {
    return polynomial(x, 3.9767409989710949e-8, 1.1283787402294338, 6.3662185606822054e-1, 1.027665514554273e-1,
                      -1.9117094427196199e-2, -2.2264807053528474e-4, 1.7034603241991005e-3, -5.8325767212667784e-4,
                      4.3701926566371983e-6, 9.2864636278032162e-5, -5.5023135493116885e-5, 2.0042456227143183e-5,
                      -5.3122343529986972e-6, 1.0649757153390138e-6, -1.6127246950002177e-7, 1.7966787484922259e-8,
                      -1.3925462765514348e-9, 6.7128518197466385e-11, -1.5156228645544783e-12);
  }
}

/// erf(x), within 2 ulp; keeps the sign of 0.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> erf(Pack<T, W> x) {
  using P = Pack<T, W>;
  constexpr T saturated = sizeof(T) == 4 ? T(4) : T(6);  // erf rounds to 1 from here on
  const P magnitude = abs(x);
  const P away = max(magnitude, P(linear_below<T>));  // whose square is normal
  const P small = fma(x, erf_near_zero(away * away), x);
  const P clamped = select(magnitude > saturated, P(saturated), magnitude);
  const P large = T(1) - fading_exp(-minus_log_erfc(clamped));
  return select(magnitude < T(0.875), small, copysign(large, x));
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
