// SPDX-License-Identifier: BSD-3-Clause
// Activations by name, and those that have no kernel of their own.
#include <array>
#include <numbers>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

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
  const auto value = [&] {
    const autograd::RecordingScope off(false);
    return add(relu(x), scale_shift(relu(negate(x)), -negative_slope));  // one of the two is exactly 0
  };
  return autograd::record("leaky_relu", {x}, value(),
                          [negative_slope](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted&) {
                            const Sides side(given[0]);
                            return Tensors{add(multiply(dy, side.positive),
                                               scale_shift(multiply(dy, side.other), negative_slope))};
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
