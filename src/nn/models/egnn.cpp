// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/egnn.hpp>

#include <halograph/core/error.hpp>

namespace halograph::nn {

EGNN::EGNN(const Scope& scope, const EGNNOptions& options) {
  require(options.num_layers >= 0, "EGNN ", scope.name(), ": num_layers is ", options.num_layers);
  const std::int64_t hidden = options.hidden_channels;
  embedding_in_ = Linear(scope / "embedding_in", options.in_channels, hidden);
  embedding_out_ = Linear(scope / "embedding_out", hidden, options.out_channels);
  const EGNNConvOptions layer{.in_channels = hidden,
                              .out_channels = hidden,
                              .hidden = hidden,
                              .edge_dim = options.edge_dim,
                              .residual = options.residual,
                              .attention = options.attention,
                              .normalize = options.normalize,
                              .tanh = options.tanh,
                              .coords_agg = options.coords_agg};
  for (int l = 0; l < options.num_layers; ++l) layers_.emplace_back(scope / cat("gcl_", l), layer);
}

EGNN::Result EGNN::operator()(const Graph& graph, const Tensor& x, const Tensor& pos, const Tensor& edge_attr,
                              const Tensor& shift) const {
  Result now{embedding_in_(x), pos};
  for (const EGNNConv& layer : layers_) now = layer(graph, now.x, now.pos, edge_attr, shift);
  return {embedding_out_(now.x), now.pos};
}

}  // namespace halograph::nn
