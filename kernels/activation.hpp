// SPDX-License-Identifier: BSD-3-Clause
// The activations that a product can end with: those whose slope follows from their value.
#pragma once

#include <kernels/functions.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Calls body(Function<f>{}), or nothing for the identity.
template <class Body>
void switch_activation(Unary f, Body&& body) {
  switch (f) {
    case Unary::relu: return body(Function<Unary::relu>{});
    case Unary::elu: return body(Function<Unary::elu>{});
    case Unary::tanh: return body(Function<Unary::tanh>{});
    case Unary::sigmoid: return body(Function<Unary::sigmoid>{});
    default: return;
  }
}

/// The derivative of an activation, written in its value.
template <Unary F>
inline constexpr Unary slope_of = F == Unary::relu   ? Unary::step
                                  : F == Unary::elu  ? Unary::elu_slope
                                  : F == Unary::tanh ? Unary::tanh_slope
                                                     : Unary::sigmoid_slope;

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
