// SPDX-License-Identifier: BSD-3-Clause
// Two dense layers as one operation, for models that keep them under names of their own.
#pragma once

#include <span>

#include <halograph/nn/linear.hpp>
#include <halograph/ops/mlp.hpp>

namespace halograph::nn {

/// second(activation(first(inputs side by side))), its rows times `scale` [n, 1] if given.
inline Tensor two_layers(const Linear& first, const Linear& second, ops::Activation activation,
                         std::span<const Tensor> inputs, const Tensor& scale = {}) {
  ops::MlpLayers layers{{first.weight, second.weight}, {first.bias, second.bias}, activation};
  layers.scale = scale;
  return ops::mlp(inputs, layers);
}
inline Tensor two_layers(const Linear& first, const Linear& second, ops::Activation activation, const Tensor& x,
                         const Tensor& scale = {}) {
  return two_layers(first, second, activation, std::span(&x, 1), scale);
}

}  // namespace halograph::nn
