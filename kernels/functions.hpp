// SPDX-License-Identifier: BSD-3-Clause
// The functions behind Unary, for a pack of columns, and a switch that turns the run-time value
// into a type so that the choice is made once per kernel.
#pragma once

#include <kernels/launch/launch.hpp>
#include <kernels/launch/math.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

inline constexpr double leaky_relu_below = 0.01, selu_scale = 1.0507009873554805,
                        selu_below = selu_scale * 1.6732632423543772;
inline constexpr double ln_two = 0.6931471805599453, one_over_root_two = 0.7071067811865476,
                        one_over_root_two_pi = 0.3989422804014327;

/// (1 + erf(x / sqrt 2)) / 2
template <class T, int W>
HALOGRAPH_FN Pack<T, W> normal_distribution(Pack<T, W> x) {
  using P = Pack<T, W>;
  return fma(erf(x * P(T(one_over_root_two))), P(T(0.5)), P(T(0.5)));
}

template <Unary F, class T, int W>
HALOGRAPH_FN Pack<T, W> evaluate(Pack<T, W> x) {
  using P = Pack<T, W>;
  const P zero(T(0)), one(T(1));
  if constexpr (F == Unary::identity) return x;
  else if constexpr (F == Unary::negate) return -x;
  else if constexpr (F == Unary::absolute) return abs(x);
  else if constexpr (F == Unary::square) return squared(x);
  else if constexpr (F == Unary::square_root) return sqrt(x);
  else if constexpr (F == Unary::reciprocal) return one / x;
  else if constexpr (F == Unary::exponential) return exp(x);
  else if constexpr (F == Unary::fading_exponential) {
    const P y = exp(x);
    return select(y < P(faint<T>), zero, y);
  } else if constexpr (F == Unary::logarithm) return log(x);
  else if constexpr (F == Unary::sine) return sin(x);
  else if constexpr (F == Unary::cosine) return cos(x);
  else if constexpr (F == Unary::tanh) return tanh(x);
  else if constexpr (F == Unary::sigmoid) return sigmoid(x);
  else if constexpr (F == Unary::softplus) return softplus(x);
  else if constexpr (F == Unary::error_function) return erf(x);
  else if constexpr (F == Unary::relu) return select(x < zero, zero, x);  // NaN stays NaN
  else if constexpr (F == Unary::elu) return expm1_of_negative(x);        // NaN stays NaN
  else if constexpr (F == Unary::step) return select(x > zero, one, zero);
  else if constexpr (F == Unary::sign) return select(x > zero, one, select(x < zero, -one, zero));
  else if constexpr (F == Unary::tanh_slope) return fma(-x, x, one);
  else if constexpr (F == Unary::sigmoid_slope) return x * (one - x);
  else if constexpr (F == Unary::elu_slope) return select(x > zero, one, x + one);
  else if constexpr (F == Unary::elu_curve) return select(x > zero, zero, one);
  else if constexpr (F == Unary::leaky_relu) return select(x > zero, x, x * P(T(leaky_relu_below)));
  else if constexpr (F == Unary::leaky_relu_slope) return select(x > zero, one, P(T(leaky_relu_below)));
  else if constexpr (F == Unary::selu)
    return select(x < zero, expm1_of_negative(x) * P(T(selu_below)), x * P(T(selu_scale)));
  else if constexpr (F == Unary::selu_slope) return select(x > zero, P(T(selu_scale)), x + P(T(selu_below)));
  else if constexpr (F == Unary::silu) return x * sigmoid(x);
  else if constexpr (F == Unary::silu_slope) {
    const P s = sigmoid(x);
    return s * fma(x, one - s, one);
  } else if constexpr (F == Unary::gelu) return x * normal_distribution(x);
  else if constexpr (F == Unary::gelu_slope) {
    const P visible = zero_below(linear_below<T>, x);
    return fma(x, fading_exp(visible * visible * P(T(-0.5))) * P(T(one_over_root_two_pi)), normal_distribution(x));
  } else if constexpr (F == Unary::ssp) return softplus(x) - P(T(ln_two));
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
    case Unary::fading_exponential: return body(Function<Unary::fading_exponential>{});
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
    case Unary::leaky_relu: return body(Function<Unary::leaky_relu>{});
    case Unary::leaky_relu_slope: return body(Function<Unary::leaky_relu_slope>{});
    case Unary::selu: return body(Function<Unary::selu>{});
    case Unary::selu_slope: return body(Function<Unary::selu_slope>{});
    case Unary::silu: return body(Function<Unary::silu>{});
    case Unary::silu_slope: return body(Function<Unary::silu_slope>{});
    case Unary::gelu: return body(Function<Unary::gelu>{});
    case Unary::gelu_slope: return body(Function<Unary::gelu_slope>{});
    case Unary::ssp: return body(Function<Unary::ssp>{});
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
