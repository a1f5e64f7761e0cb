// SPDX-License-Identifier: BSD-3-Clause
// The activation of SchNet, shifted softplus: log(1 + exp(x)) - ln 2.
#pragma once

#include <numbers>

#include <halograph/nn/linear.hpp>

namespace halograph::nn {

/// layer(softplus(x) - ln 2). The shift goes into the bias, b - ln 2 (sum over the columns of W), instead of over all
/// rows.
inline Tensor after_shifted_softplus(const Linear& layer, const Tensor& x) {
  const Tensor& weight = layer.weight;
  const Tensor shift = Tensor::full(1, weight.cols(), -std::numbers::ln2, weight.dtype(), nullptr, weight.device());
  return ops::linear(ops::softplus(x), weight, ops::linear(shift, weight, layer.bias));
}

}  // namespace halograph::nn
