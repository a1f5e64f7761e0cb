// SPDX-License-Identifier: BSD-3-Clause
// Multi-layer perceptrons on rows, and on edges with the first layer split.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <halograph/graph/graph.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/ops/edge_mlp.hpp>

namespace halograph::nn {

struct MlpOptions {
  std::int64_t in = 0;
  std::int64_t hidden = 0;
  std::int64_t out = 0;
  int hidden_layers = 1;  ///< hidden -> hidden layers; the MLP has hidden_layers + 2 linear layers
  ops::Activation activation = ops::Activation::elu;  ///< after each linear layer but the last
  bool layer_norm = false;                            ///< on the output
};

/// Linear layers `<name>.0` ... `<name>.<n + 1>` with activations between, and optionally
/// `<name>.norm`.
class Mlp {
 public:
  Mlp() = default;
  Mlp(std::string name, const MlpOptions& options, DType dtype, const Random& random);

  Tensor operator()(const Tensor& x) const { return (*this)(std::span(&x, 1)); }
  /// On inputs that stand side by side, [n, in] in total. With `residual` the first input is added to the result.
  Tensor operator()(std::span<const Tensor> inputs, bool residual = false) const;
  /// On [x_source, x_target, e] for every edge, with x [n_nodes, c] and e [n_edges, c']: the first
  /// layer's node parts are multiplied once per node and the source part is exchanged. With `residual` e is
  /// added to the result. Collective.
  ops::EdgeMlpResult on_edges(const Graph& graph, const Tensor& x, const Tensor& e, bool residual = false,
                              const ops::EdgeMlpOptions& wanted = {}) const;

  void collect(std::vector<NamedTensor>& parameters) const;
  std::size_t n_parameters() const { return 2 * layers_.size() + (options_.layer_norm ? 2 : 0); }
  /// The same MLP on other tensors, in the order of collect(): the stand-ins of a recomputed segment.
  Mlp with(std::span<const Tensor> parameters) const;

 private:
  ops::MlpLayers layers(bool residual) const;

  std::string name_;
  MlpOptions options_;
  std::vector<Linear> layers_;
  Tensor norm_weight_, norm_bias_;
};

}  // namespace halograph::nn
