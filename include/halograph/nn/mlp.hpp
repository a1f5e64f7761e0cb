// SPDX-License-Identifier: BSD-3-Clause
// Multi-layer perceptrons on rows, and on edges with the first layer split.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
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

/// As torch.nn.Sequential(Linear, activation, Linear, ..., Linear): the `nn` of PyTorch Geometric's layers.
struct SequentialOptions {
  std::vector<std::int64_t> channels;                  ///< in, ..., out: one more than there are linear layers
  ops::Activation activation = ops::Activation::relu;  ///< after each linear layer but the last
  bool layer_norm = false;                             ///< on the output
  double epsilon = 1e-5;                               ///< of the norm
  bool activate_last = false;                          ///< the activation after the last layer too, before the norm
  bool count_activations =
      true;  ///< whether names do: `<name>.0`, `<name>.2`, ... instead of `<name>.0`, `<name>.1`, ...
};

/// Linear layers `<name>.0` ... `<name>.<n + 1>` with activations between, and optionally
/// `<name>.norm`. From SequentialOptions the names count activations too by default: `<name>.0`, `<name>.2`, ..., and
/// the norm comes next after the last layer.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class Mlp {
 public:
  Mlp() = default;
  Mlp(const Scope& scope, const MlpOptions& options);
  Mlp(const Scope& scope, const SequentialOptions& options);

  std::int64_t in_channels() const { return layers_.front().weight.cols(); }
  std::int64_t out_channels() const { return layers_.back().weight.rows(); }
  const Linear& layer(std::size_t k) const { return layers_[k]; }

  Tensor operator()(const Tensor& x) const { return (*this)(std::span(&x, 1)); }
  /// On inputs that stand side by side, [n, in] in total. With `residual` the first input is added to the result.
  Tensor operator()(std::span<const Tensor> inputs, bool residual = false) const;
  /// On [x_source, x_target, e] for every edge, with x [n_nodes, c] and e [n_edges, c']: the first
  /// layer's node parts are multiplied once per node and the source part is exchanged. With `residual` e is
  /// added to the result. Collective.
  ops::EdgeMlpResult on_edges(const Graph& graph, const Tensor& x, const Tensor& e, bool residual = false,
                              const ops::EdgeMlpOptions& wanted = {}) const;

  /// On edges where the first layer starts at target[t] + source[s], [n_nodes, hidden] each, made by the caller from
  /// the node columns of its weight and its bias, and multiplies e [n_edges, c] by the weight's last c columns;
  /// undefined e has none. Collective.
  ops::EdgeMlpResult on_pairs(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& e,
                              bool residual = false, const ops::EdgeMlpOptions& wanted = {}) const;

  std::size_t n_parameters() const { return 2 * layers_.size() + (has_norm() ? 2 : 0); }
  /// The tensors in the order of their names: weight and bias of each layer, then of the norm.
  std::vector<Tensor> parameters() const;
  /// The same MLP on other tensors, in that order: the stand-ins of a recomputed segment.
  Mlp with(std::span<const Tensor> parameters) const;

 private:
  bool has_norm() const { return norm_weight_.defined(); }
  void add_norm(const Scope& scope, std::int64_t channels);
  ops::MlpLayers layers(bool residual) const;

  std::string name_;
  ops::Activation activation_ = ops::Activation::elu;
  double epsilon_ = 1e-5;
  bool activate_last_ = false;
  std::vector<Linear> layers_;
  Tensor norm_weight_, norm_bias_;
};

}  // namespace halograph::nn
