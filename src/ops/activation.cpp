// SPDX-License-Identifier: BSD-3-Clause
// Activations by name, their values and their derivatives.
#include <numbers>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/no_gradient.hpp"

namespace halograph::ops {
namespace {

using kernels::Unary;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

/// Elementwise, not differentiable; b may be a single number.
Tensor larger(const Tensor& a, const Tensor& b) {
  Tensor y = with_rows_of(a, a.cols());
  kernels::table(a.device()).binary(kernels::Binary::maximum, in(a), in(b), out(y));
  return y;
}

/// f of every element, under this name and with this derivative on the tape.
Tensor apply(const char* name, Unary f, const Tensor& x, autograd::SimpleVjp vjp) {
  require_defined(name, x);
  Tensor y = with_rows_of(x, x.cols());
  kernels::table(x.device()).unary(f, in(x), out(y));
  return autograd::record(name, {x}, y, std::move(vjp));
}

/// `f`, a slope written in a value y, whose own derivative is 0 where y > 0 and 1 elsewhere.
Tensor exponential_slope(const char* name, Unary f, const Tensor& y) {
  return apply(name, f, y, [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{multiply(dy, apply("elu_curve", Unary::elu_curve, inputs[0], no_gradient))};
  });
}

/// s (1 + x (1 - s)) with s = sigmoid(x)
Tensor silu_slope(const Tensor& x) {
  const Tensor s = sigmoid(x);
  return multiply(s, scale_shift(multiply(x, scale_shift(s, -1, 1)), 1, 1));
}

/// (1 + erf(x / sqrt 2)) / 2 + x exp(-x^2 / 2) / sqrt(2 pi)
Tensor gelu_slope(const Tensor& x) {
  constexpr double one_over_root_two = 1 / std::numbers::sqrt2,
                   one_over_root_two_pi = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const Tensor density = scale_shift(fading_exponential(scale_shift(square(x), -0.5)), one_over_root_two_pi);
  return add(scale_shift(error_function(scale_shift(x, one_over_root_two)), 0.5, 0.5), multiply(x, density));
}

/// The derivative of an activation as a differentiable expression in its value or argument, whichever its kernel takes.
Tensor slope(Activation activation, const Tensor& at) {
  switch (activation) {
    case Activation::relu: return step(at);
    case Activation::elu: return exponential_slope("elu_slope", Unary::elu_slope, at);
    case Activation::tanh: return scale_shift(square(at), -1, 1);
    case Activation::sigmoid: return multiply(at, scale_shift(at, -1, 1));
    case Activation::leaky_relu: return apply("leaky_relu_slope", Unary::leaky_relu_slope, at, no_gradient);
    case Activation::selu: return exponential_slope("selu_slope", Unary::selu_slope, at);
    case Activation::softplus:
    case Activation::ssp: return sigmoid(at);
    case Activation::silu: return silu_slope(at);
    case Activation::gelu: return gelu_slope(at);
    case Activation::identity: break;
  }
  throw UsageError(cat("activation_slope_product: not for ", name_of(activation)));
}

Unary slope_kernel(Activation activation) {
  switch (activation) {
    case Activation::relu: return Unary::step;
    case Activation::elu: return Unary::elu_slope;
    case Activation::tanh: return Unary::tanh_slope;
    case Activation::sigmoid: return Unary::sigmoid_slope;
    case Activation::leaky_relu: return Unary::leaky_relu_slope;
    case Activation::selu: return Unary::selu_slope;
    case Activation::softplus:
    case Activation::ssp: return Unary::sigmoid;
    case Activation::silu: return Unary::silu_slope;
    case Activation::gelu: return Unary::gelu_slope;
    case Activation::identity: break;
  }
  throw UsageError(cat("activation_slope_product: not for ", name_of(activation)));
}

Tensor activated(const char* name, Activation activation, const Tensor& x) {
  return apply(
      name, activation_kernel(activation), x,
      [activation](const Tensors& inputs, const Tensor& y, const Tensor& dy, const Wanted&) {
        return Tensors{activation_slope_product(activation, slope_follows_from_value(activation) ? y : inputs[0], dy)};
      });
}

}  // namespace

Activation parse_activation(std::string_view word) { return parse_word(activation_words, "activation", word); }

std::string_view name_of(Activation activation) { return word_of(activation_words, activation); }

Tensor activate(Activation activation, const Tensor& x) {
  switch (activation) {
    case Activation::identity: return x;
    case Activation::relu: return relu(x);
    case Activation::elu: return elu(x);
    case Activation::tanh: return tanh(x);
    case Activation::sigmoid: return sigmoid(x);
    case Activation::softplus: return softplus(x);
    case Activation::silu: return silu(x);
    case Activation::gelu: return gelu(x);
    case Activation::leaky_relu: return activated("leaky_relu", activation, x);
    case Activation::selu: return selu(x);
    case Activation::ssp: return shifted_softplus(x);
  }
  return x;
}

Tensor leaky_relu(const Tensor& x, double negative_slope) {
  require_defined("leaky_relu", x);
  require(negative_slope >= 0 && negative_slope <= 1, "leaky_relu: the slope ", negative_slope, " is not in 0..1");
  // With such a slope, x and slope x stand in the order of their sizes, and so do step and slope.
  return autograd::record("leaky_relu", {x}, larger(x, scale_shift(x.detach(), negative_slope)),
                          [negative_slope](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted&) {
                            const Tensor& at = given[0];
                            const Tensor slope = Tensor::full(1, 1, negative_slope, at.dtype(), nullptr, at.device());
                            return Tensors{multiply(dy, larger(step(at.detach()), slope))};
                          });
}

Tensor relu(const Tensor& x) { return activated("relu", Activation::relu, x); }
Tensor elu(const Tensor& x) { return activated("elu", Activation::elu, x); }
Tensor tanh(const Tensor& x) { return activated("tanh", Activation::tanh, x); }
Tensor sigmoid(const Tensor& x) { return activated("sigmoid", Activation::sigmoid, x); }
Tensor softplus(const Tensor& x) { return activated("softplus", Activation::softplus, x); }
Tensor silu(const Tensor& x) { return activated("silu", Activation::silu, x); }
Tensor gelu(const Tensor& x) { return activated("gelu", Activation::gelu, x); }
Tensor selu(const Tensor& x) { return activated("selu", Activation::selu, x); }
Tensor shifted_softplus(const Tensor& x) { return activated("shifted_softplus", Activation::ssp, x); }

kernels::Unary activation_kernel(Activation activation) {
  switch (activation) {
    case Activation::identity: return Unary::identity;
    case Activation::relu: return Unary::relu;
    case Activation::elu: return Unary::elu;
    case Activation::tanh: return Unary::tanh;
    case Activation::sigmoid: return Unary::sigmoid;
    case Activation::leaky_relu: return Unary::leaky_relu;
    case Activation::selu: return Unary::selu;
    case Activation::softplus: return Unary::softplus;
    case Activation::silu: return Unary::silu;
    case Activation::gelu: return Unary::gelu;
    case Activation::ssp: return Unary::ssp;
  }
  return Unary::identity;
}

bool slope_follows_from_value(Activation activation) {
  switch (activation) {
    case Activation::softplus:
    case Activation::silu:
    case Activation::gelu:
    case Activation::ssp: return false;
    default: return true;
  }
}

Tensor activation_slope_product(Activation activation, const Tensor& at, const Tensor& dy) {
  require_alike("activation_slope_product", at, dy);
  require(at.row_space() == dy.row_space() && at.rows() == dy.rows() && at.cols() == dy.cols(),
          "activation_slope_product: ", at, " and ", dy, " differ in shape");
  if (autograd::recording()) return multiply(dy, slope(activation, at));
  Tensor dx = with_rows_of(at, at.cols());
  kernels::table(at.device()).slope_product(slope_kernel(activation), in(at), in(dy), out(dx));
  return dx;
}

}  // namespace halograph::ops
