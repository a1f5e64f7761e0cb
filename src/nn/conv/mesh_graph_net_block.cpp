// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/mesh_graph_net_block.hpp>

#include <array>

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
    : sum_updated_(options.sum_updated),
      edge_mlp_(scope / "edge_mlp", mlp_options(scope.name(), options, 3)),
      node_mlp_(scope / "node_mlp", mlp_options(scope.name(), options, 2)) {}

MeshGraphNetBlock::State MeshGraphNetBlock::operator()(const Graph& graph, const Tensor& x,
                                                       const Tensor& edge_attr) const {
  const ops::EdgeMlpResult e = edge_mlp_.on_edges(graph, x, edge_attr, sum_updated_);
  const std::array<Tensor, 2> inputs{x, e.sum};
  return {node_mlp_(inputs, true), sum_updated_ ? e.edges : ops::add(edge_attr, e.edges)};
}

}  // namespace halograph::nn
