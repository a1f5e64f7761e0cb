// SPDX-License-Identifier: BSD-3-Clause
// Differentiable elementwise operations. Operands of two-operand forms have the same shape and row
// space, or the second (for add and multiply either) is repeated: a replicated [1, c] row, an
// [n, 1] column, or a replicated [1, 1] scalar. The gradient of what was repeated is summed, over
// all ranks where rows are partitioned; it is the only communication here. Throw UsageError where
// shapes, dtypes, devices or row spaces do not fit.
#pragma once

#include <string_view>

#include <halograph/core/tensor.hpp>
#include <halograph/core/words.hpp>

namespace halograph::ops {

Tensor add(const Tensor& a, const Tensor& b);
Tensor subtract(const Tensor& a, const Tensor& b);
Tensor multiply(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Tensor& b);

/// x * scale + shift, one rounding.
Tensor scale_shift(const Tensor& x, double scale, double shift = 0);

/// x itself under a new place on the tape.
Tensor identity(const Tensor& x);

Tensor negate(const Tensor& x);
Tensor absolute(const Tensor& x);
/// x^2, and 0 where that would be denormal.
Tensor square(const Tensor& x);
Tensor square_root(const Tensor& x);
Tensor reciprocal(const Tensor& x);
/// e^x, and 0 where that would be denormal (x < -87.3 in f32, x < -708 in f64). See fading.hpp for factors that fade.
Tensor exponential(const Tensor& x);
Tensor logarithm(const Tensor& x);
Tensor sine(const Tensor& x);
Tensor cosine(const Tensor& x);
Tensor error_function(const Tensor& x);
/// x > 0 ? 1 : 0, with gradient zero.
Tensor step(const Tensor& x);
/// -1, 0 or 1, with gradient zero.
Tensor sign(const Tensor& x);

/// Activation functions, named as in torch.nn.functional.
enum class Activation : std::uint8_t {
  identity,
  relu,
  elu,
  tanh,
  sigmoid,
  softplus,
  silu,
  gelu,
  leaky_relu,
  selu,
  ssp
};
inline constexpr Words<Activation, 12> activation_words{{{"identity", Activation::identity},
                                                         {"relu", Activation::relu},
                                                         {"elu", Activation::elu},
                                                         {"tanh", Activation::tanh},
                                                         {"sigmoid", Activation::sigmoid},
                                                         {"softplus", Activation::softplus},
                                                         {"silu", Activation::silu},
                                                         {"gelu", Activation::gelu},
                                                         {"leaky_relu", Activation::leaky_relu},
                                                         {"selu", Activation::selu},
                                                         {"ssp", Activation::ssp},
                                                         {"shifted_softplus", Activation::ssp}}};
/// "elu" and so on; "shifted_softplus" is another word for "ssp". Throws UsageError naming the known ones.
Activation parse_activation(std::string_view word);
std::string_view name_of(Activation activation);

Tensor activate(Activation activation, const Tensor& x);
Tensor relu(const Tensor& x);
/// x > 0 ? x : exp(x) - 1
Tensor elu(const Tensor& x);
Tensor tanh(const Tensor& x);
/// 1 / (1 + exp(-x)), and 0 where fading_exponential(x) is.
Tensor sigmoid(const Tensor& x);
/// log(1 + exp(x)), and 0 where fading_exponential(x) is.
Tensor softplus(const Tensor& x);
/// x sigmoid(x)
Tensor silu(const Tensor& x);
/// x (1 + erf(x / sqrt 2)) / 2
Tensor gelu(const Tensor& x);
/// x > 0 ? x : negative_slope * x, with a slope of 0 to 1. As an Activation it is 0.01.
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.01);
/// scale * (x > 0 ? x : alpha (exp(x) - 1)) with scale 1.0507009873554805 and alpha 1.6732632423543772.
Tensor selu(const Tensor& x);
/// softplus(x) - ln 2, the activation of SchNet; 0 at 0.
Tensor shifted_softplus(const Tensor& x);

/// slope * dy with slope the derivative of an activation: from its argument for softplus, silu, gelu and ssp, from its
/// value for all others but identity, which has none.
Tensor activation_slope_product(Activation activation, const Tensor& at, const Tensor& dy);

/// A tensor of the same values in another numeric type.
Tensor cast(const Tensor& x, DType dtype);

}  // namespace halograph::ops
