// SPDX-License-Identifier: BSD-3-Clause
// Activations of an array in registers, chosen when the kernel runs: those whose slope follows from their value.
#pragma once

#include <kernels/activation.hpp>
#include <kernels/launch/unroll.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <Unary F, int N, class T>
HALOGRAPH_FN void evaluate_each(T* values) {
  HALOGRAPH_UNROLL
  for (int i = 0; i < N; ++i) values[i] = evaluate<F>(Pack<T, 1>(values[i])).value;
}

/// values[i] = f(values[i]) for i in [0, N), an array in registers.
template <int N, class T>
HALOGRAPH_FN void activate_by_value(Unary f, T* values) {
  switch_activation_by_value(f, [&](auto function) { evaluate_each<decltype(function)::value, N>(values); });
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
