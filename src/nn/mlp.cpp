// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/mlp.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

Mlp::Mlp(const Scope& scope, const MlpOptions& options) : name_(scope.name()), activation_(options.activation) {
  require(options.hidden_layers >= 0, "Mlp ", name_, ": hidden_layers is ", options.hidden_layers);
  const int n = options.hidden_layers + 2;
  for (int k = 0; k < n; ++k)
    layers_.emplace_back(scope / cat(k), k == 0 ? options.in : options.hidden,
                         k + 1 == n ? options.out : options.hidden);
  if (options.layer_norm) add_norm(scope / "norm", options.out);
}

Mlp::Mlp(const Scope& scope, const SequentialOptions& options)
    : name_(scope.name()),
      activation_(options.activation),
      epsilon_(options.epsilon),
      activate_last_(options.activate_last) {
  const auto& channels = options.channels;
  require(channels.size() >= 2, "Mlp ", name_, ": ", channels.size(), " channel counts; there are at least two");
  const std::size_t step = options.count_activations ? 2 : 1, n = channels.size() - 1;
  for (std::size_t k = 0; k < n; ++k) layers_.emplace_back(scope / cat(step * k), channels[k], channels[k + 1]);
  if (options.layer_norm)
    add_norm(scope / cat(step * (n - 1) + 1 + (options.activate_last && options.count_activations ? 1 : 0)),
             channels.back());
}

void Mlp::add_norm(const Scope& scope, std::int64_t channels) {
  norm_weight_ = scope.constant("weight", 1, channels, 1, true);
  norm_bias_ = scope.constant("bias", 1, channels, 0, true);
}

ops::MlpLayers Mlp::layers(bool residual) const {
  ops::MlpLayers layers;
  for (const Linear& layer : layers_) {
    layers.weight.push_back(layer.weight);
    layers.bias.push_back(layer.bias);
  }
  layers.activation = activation_;
  layers.layer_norm = has_norm();
  layers.epsilon = epsilon_;
  layers.norm_weight = norm_weight_;
  layers.norm_bias = norm_bias_;
  layers.residual = residual;
  layers.activate_last = activate_last_;
  return layers;
}

Tensor Mlp::operator()(std::span<const Tensor> inputs, bool residual) const {
  return ops::mlp(inputs, layers(residual));
}

ops::EdgeMlpResult Mlp::on_edges(const Graph& graph, const Tensor& x, const Tensor& e, bool residual,
                                 const ops::EdgeMlpOptions& wanted) const {
  const Tensor& weight = layers_[0].weight;
  const std::int64_t c = x.cols();
  require(weight.cols() == 2 * c + e.cols(), "Mlp ", name_, ": ", weight.cols(), " input channels, but nodes ",
          x.describe(), " twice and edges ", e.describe());
  const Tensor source = ops::linear(x, ops::slice_columns(weight, 0, c));
  const Tensor target = ops::linear(x, ops::slice_columns(weight, c, c), layers_[0].bias);
  return on_pairs(graph, target, source, e, residual, wanted);
}

ops::EdgeMlpResult Mlp::on_pairs(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& e,
                                 bool residual, const ops::EdgeMlpOptions& wanted) const {
  const Tensor& weight = layers_[0].weight;
  const Tensor ghosts = ops::halo(graph, source);
  const Tensor edges =
      e.defined() ? e : Tensor::empty(graph.n_edges(), 0, source.dtype(), graph.edges(), source.device());
  ops::MlpLayers rest = layers(residual);
  rest.weight[0] = ops::slice_columns(weight, weight.cols() - edges.cols(), edges.cols());
  rest.bias[0] = Tensor();
  return ops::edge_mlp(graph, target, source, ghosts, edges, rest, wanted);
}

std::vector<Tensor> Mlp::parameters() const {
  std::vector<Tensor> list;
  for (const Linear& layer : layers_) {
    list.push_back(layer.weight);
    list.push_back(layer.bias);
  }
  if (has_norm()) list.insert(list.end(), {norm_weight_, norm_bias_});
  return list;
}

Mlp Mlp::with(std::span<const Tensor> parameters) const {
  Mlp other = *this;
  std::size_t next = 0;
  for (Linear& layer : other.layers_) {
    layer.weight = parameters[next++];
    layer.bias = parameters[next++];
  }
  if (has_norm()) {
    other.norm_weight_ = parameters[next++];
    other.norm_bias_ = parameters[next++];
  }
  return other;
}

}  // namespace halograph::nn
