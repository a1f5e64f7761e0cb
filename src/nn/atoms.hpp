// SPDX-License-Identifier: BSD-3-Clause
// Shares the parts of models of atoms and points in space: two dense layers as one operation, the numbers of a radial
// basis, and the readout of energies.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/mlp.hpp>
#include <halograph/ops/pool.hpp>

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

/// Registers the buffer [1, n] of first, first + spacing, ...
inline Tensor evenly_spaced(const Scope& scope, std::string_view part, double first, double spacing, std::int64_t n) {
  std::vector<double> values;
  for (std::int64_t k = 0; k < n; ++k) values.push_back(first + spacing * double(k));
  const Tensor buffer = Tensor::from(values, 1, n, scope.dtype(), nullptr, scope.device());
  scope.add(part, buffer, true);
  return buffer;
}

inline void check_readout(const char* model, const std::string& name, ops::Aggregation readout) {
  require(readout == ops::Aggregation::sum || readout == ops::Aggregation::mean, model, " ", name, ": readout is ",
          name_of(readout), ", not sum or mean");
}

/// Sums or averages over the nodes of each graph: [n_nodes, c] -> replicated [n_graphs, c].
inline Tensor readout(ops::Aggregation choice, const Batch& batch, const Tensor& x) {
  return choice == ops::Aggregation::sum ? ops::graph_sum(batch, x) : ops::graph_mean(batch, x);
}

}  // namespace halograph::nn
