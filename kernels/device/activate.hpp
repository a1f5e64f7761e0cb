// SPDX-License-Identifier: BSD-3-Clause
// Activations inside of a kernel that is compiled for all of them, chosen when it runs: those whose slope follows from their
// value, as switch_activation_by_value.
#pragma once

#include <kernels/functions.hpp>
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
  switch (f) {
    case Unary::relu: return evaluate_each<Unary::relu, N>(values);
    case Unary::elu: return evaluate_each<Unary::elu, N>(values);
    case Unary::tanh: return evaluate_each<Unary::tanh, N>(values);
    case Unary::sigmoid: return evaluate_each<Unary::sigmoid, N>(values);
    case Unary::leaky_relu: return evaluate_each<Unary::leaky_relu, N>(values);
    case Unary::selu: return evaluate_each<Unary::selu, N>(values);
    default: return;
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
