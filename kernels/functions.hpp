// SPDX-License-Identifier: BSD-3-Clause
// The functions behind Unary, for a pack of columns, and a switch that turns the run-time value
// into a type so that the choice is made once per kernel.
#pragma once

#include <kernels/launch/launch.hpp>
#include <kernels/launch/math.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <Unary F, class T, int W>
HALOGRAPH_FN Pack<T, W> evaluate(Pack<T, W> x) {
  using P = Pack<T, W>;
  const P zero(T(0)), one(T(1));
  if constexpr (F == Unary::identity) return x;
  else if constexpr (F == Unary::negate) return -x;
  else if constexpr (F == Unary::absolute) return abs(x);
  else if constexpr (F == Unary::square) return x * x;
  else if constexpr (F == Unary::square_root) return sqrt(x);
  else if constexpr (F == Unary::reciprocal) return one / x;
  else if constexpr (F == Unary::exponential) return exp(x);
  else if constexpr (F == Unary::logarithm) return log(x);
  else if constexpr (F == Unary::sine) return sin(x);
  else if constexpr (F == Unary::cosine) return cos(x);
  else if constexpr (F == Unary::tanh) return tanh(x);
  else if constexpr (F == Unary::sigmoid) return sigmoid(x);
  else if constexpr (F == Unary::softplus) return softplus(x);
  else if constexpr (F == Unary::error_function) return erf(x);
  else if constexpr (F == Unary::relu) return select(x < zero, zero, x);  // NaN stays NaN
  else if constexpr (F == Unary::elu) return select(x < zero, expm1_of_negative(x), x);  // NaN stays NaN
  else if constexpr (F == Unary::step) return select(x > zero, one, zero);
  else if constexpr (F == Unary::sign) return select(x > zero, one, select(x < zero, -one, zero));
  else if constexpr (F == Unary::tanh_slope) return fma(-x, x, one);
  else if constexpr (F == Unary::sigmoid_slope) return x * (one - x);
  else if constexpr (F == Unary::elu_slope) return select(x > zero, one, x + one);
  else if constexpr (F == Unary::elu_curve) return select(x > zero, zero, one);
}

template <Unary F>
struct Function {
  static constexpr Unary value = F;
};

/// Calls body(Function<f>{}).
template <class Body>
void switch_unary(Unary f, Body&& body) {
  switch (f) {
    case Unary::identity: return body(Function<Unary::identity>{});
    case Unary::negate: return body(Function<Unary::negate>{});
    case Unary::absolute: return body(Function<Unary::absolute>{});
    case Unary::square: return body(Function<Unary::square>{});
    case Unary::square_root: return body(Function<Unary::square_root>{});
    case Unary::reciprocal: return body(Function<Unary::reciprocal>{});
    case Unary::exponential: return body(Function<Unary::exponential>{});
    case Unary::logarithm: return body(Function<Unary::logarithm>{});
    case Unary::sine: return body(Function<Unary::sine>{});
    case Unary::cosine: return body(Function<Unary::cosine>{});
    case Unary::tanh: return body(Function<Unary::tanh>{});
    case Unary::sigmoid: return body(Function<Unary::sigmoid>{});
    case Unary::softplus: return body(Function<Unary::softplus>{});
    case Unary::error_function: return body(Function<Unary::error_function>{});
    case Unary::relu: return body(Function<Unary::relu>{});
    case Unary::elu: return body(Function<Unary::elu>{});
    case Unary::step: return body(Function<Unary::step>{});
    case Unary::sign: return body(Function<Unary::sign>{});
    case Unary::tanh_slope: return body(Function<Unary::tanh_slope>{});
    case Unary::sigmoid_slope: return body(Function<Unary::sigmoid_slope>{});
    case Unary::elu_slope: return body(Function<Unary::elu_slope>{});
    case Unary::elu_curve: return body(Function<Unary::elu_curve>{});
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
