// SPDX-License-Identifier: BSD-3-Clause
// Activations and their slopes. Where the slope follows from the value, a product can end with the activation and its
// gradient needs nothing but the result; where it does not, whoever wants a gradient keeps the argument or the slope.
// The switches serve launching code, where a kernel is compiled for one activation, and kernels that are compiled for
// all.
#pragma once

#include <kernels/functions.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Calls body(Function<f>{}) for activations whose slope follows from their value.
template <class Body>
HALOGRAPH_FN void switch_activation_by_value(Unary f, const Body& body) {
  switch (f) {
    case Unary::relu: return body(Function<Unary::relu>{});
    case Unary::elu: return body(Function<Unary::elu>{});
    case Unary::tanh: return body(Function<Unary::tanh>{});
    case Unary::sigmoid: return body(Function<Unary::sigmoid>{});
    case Unary::leaky_relu: return body(Function<Unary::leaky_relu>{});
    case Unary::selu: return body(Function<Unary::selu>{});
    default: return;
  }
}

/// Calls body(Function<f>{}) for activations whose slope does not follow from their value.
template <class Body>
HALOGRAPH_FN void switch_activation_by_argument(Unary f, const Body& body) {
  switch (f) {
    case Unary::silu: return body(Function<Unary::silu>{});
    case Unary::gelu: return body(Function<Unary::gelu>{});
    case Unary::softplus: return body(Function<Unary::softplus>{});
    case Unary::ssp: return body(Function<Unary::ssp>{});
    default: return;
  }
}

/// Whether it is one of the latter.
HALOGRAPH_FN constexpr bool slope_needs_argument(Unary f) {
  return f == Unary::silu || f == Unary::gelu || f == Unary::softplus || f == Unary::ssp;
}

/// The derivative of an activation, written in its value or its argument.
template <Unary F>
inline constexpr Unary slope_of = F == Unary::relu         ? Unary::step
                                  : F == Unary::elu        ? Unary::elu_slope
                                  : F == Unary::tanh       ? Unary::tanh_slope
                                  : F == Unary::sigmoid    ? Unary::sigmoid_slope
                                  : F == Unary::leaky_relu ? Unary::leaky_relu_slope
                                  : F == Unary::selu       ? Unary::selu_slope
                                  : F == Unary::silu       ? Unary::silu_slope
                                  : F == Unary::gelu       ? Unary::gelu_slope
                                                           : Unary::sigmoid;

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
