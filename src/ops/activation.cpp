// SPDX-License-Identifier: BSD-3-Clause
// Activations by name, and those that have no kernel of their own.
#include <array>
#include <numbers>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {
namespace {

using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

constexpr std::array<std::pair<std::string_view, Activation>, 12> activations{
    {{"identity", Activation::identity},
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

/// Elementwise, not differentiable; b may be a single number.
Tensor larger(const Tensor& a, const Tensor& b) {
  Tensor y = with_rows_of(a, a.cols());
  kernels::table(a.device()).binary(kernels::Binary::maximum, in(a), in(b), out(y));
  return y;
}

/// What a derivative on either side of zero is made of: 1 where x > 0, and 1 where it is not.
struct Sides {
  Tensor positive, other;
  explicit Sides(const Tensor& x) : positive(step(x)), other(scale_shift(positive, -1, 1)) {}
};

}  // namespace

Activation parse_activation(std::string_view word) {
  std::string known;
  for (const auto& [name, activation] : activations) {
    if (name == word) return activation;
    known += cat(known.empty() ? "" : ", ", name);
  }
  throw UsageError(cat("activation '", word, "' is not one of ", known));
}

std::string_view name_of(Activation activation) {
  for (const auto& [name, value] : activations)
    if (value == activation) return name;
  return "unknown";
}

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
    case Activation::leaky_relu: return leaky_relu(x);
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

Tensor selu(const Tensor& x) {
  constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543772;
  const auto value = [&] {
    const autograd::RecordingScope off(false);
    return add(scale_shift(relu(x), scale), scale_shift(elu(negate(relu(negate(x)))), scale * alpha));
  };
  // Below zero the derivative is scale * alpha * exp(x) = y + scale * alpha.
  return autograd::record("selu", {x}, value(), [](const Tensors& given, const Tensor& y, const Tensor& dy, const Wanted&) {
    const Sides side(given[0]);
    return Tensors{add(scale_shift(multiply(dy, side.positive), scale),
                       multiply(multiply(dy, side.other), scale_shift(y, 1, scale * alpha)))};
  });
}

Tensor shifted_softplus(const Tensor& x) { return scale_shift(softplus(x), 1, -std::numbers::ln2); }

}  // namespace halograph::ops
