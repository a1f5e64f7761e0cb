// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/mesh_graph_net_block.hpp>

#include <array>
#include <utility>

#include <halograph/core/error.hpp>

namespace halograph::nn {
namespace {

SequentialOptions mlp_options(const std::string& name, const MeshGraphNetBlockOptions& options, std::int64_t inputs) {
  require(options.latent > 0 && options.hidden > 0 && options.hidden_layers >= 1, "MeshGraphNetBlock ", name,
          ": latent is ", options.latent, ", hidden ", options.hidden, ", hidden_layers ", options.hidden_layers,
          "; there is at least one of each");
  SequentialOptions mlp;
  mlp.channels.push_back(inputs * options.latent);
  mlp.channels.insert(mlp.channels.end(), std::size_t(options.hidden_layers), options.hidden);
  mlp.channels.push_back(options.latent);
  mlp.activation = options.activation;
  mlp.layer_norm = true;
  mlp.epsilon = options.layer_norm_eps;
  return mlp;
}

}  // namespace

MeshGraphNetBlock::MeshGraphNetBlock(const Scope& scope, const MeshGraphNetBlockOptions& options)
    : edge_mlp_(scope / "edge_mlp", mlp_options(scope.name(), options, 3)),
      node_mlp_(scope / "node_mlp", mlp_options(scope.name(), options, 2)),
      sum_updated_(options.sum_updated) {}

MeshGraphNetBlock::MeshGraphNetBlock(Mlp edge_mlp, Mlp node_mlp, bool sum_updated)
    : edge_mlp_(std::move(edge_mlp)), node_mlp_(std::move(node_mlp)), sum_updated_(sum_updated) {}

MeshGraphNetBlock::State MeshGraphNetBlock::operator()(const Graph& graph, const State& state,
                                                       bool update_edges) const {
  const auto& [x, edge_attr] = state;
  const ops::EdgeMlpResult e = edge_mlp_.on_edges(graph, x, edge_attr, sum_updated_, {.edges = update_edges});
  const std::array<Tensor, 2> inputs{x, e.sum};
  const Tensor y = node_mlp_(inputs, true);
  if (!update_edges) return {y, edge_attr};
  return {y, sum_updated_ ? e.edges : ops::add(edge_attr, e.edges)};
}

std::vector<Tensor> MeshGraphNetBlock::parameters() const {
  std::vector<Tensor> list = edge_mlp_.parameters();
  for (Tensor& parameter : node_mlp_.parameters()) list.push_back(std::move(parameter));
  return list;
}

MeshGraphNetBlock MeshGraphNetBlock::with(std::span<const Tensor> parameters) const {
  const std::size_t n = edge_mlp_.n_parameters();
  return {edge_mlp_.with(parameters.first(n)), node_mlp_.with(parameters.subspan(n)), sum_updated_};
}

}  // namespace halograph::nn
