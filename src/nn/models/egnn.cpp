// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/egnn.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>

namespace halograph::nn {

EGNN::EGNN(std::string name, const EGNNOptions& options, DType dtype, const Random& random) {
  require(options.num_layers >= 0, "EGNN ", name, ": num_layers is ", options.num_layers);
  const std::int64_t hidden = options.hidden_channels;
  embedding_in_ = Linear(join(name, "embedding_in"), options.in_channels, hidden, dtype, random);
  embedding_out_ = Linear(join(name, "embedding_out"), hidden, options.out_channels, dtype, random);
  const EGNNConvOptions layer{.in_channels = hidden,
                              .out_channels = hidden,
                              .hidden = hidden,
                              .edge_dim = options.edge_dim,
                              .residual = options.residual,
                              .attention = options.attention,
                              .normalize = options.normalize,
                              .tanh = options.tanh,
                              .coords_agg = options.coords_agg};
  for (int l = 0; l < options.num_layers; ++l) layers_.emplace_back(join(name, cat("gcl_", l)), layer, dtype, random);
}

EGNN::Result EGNN::operator()(const Graph& graph, const Tensor& x, const Tensor& pos, const Tensor& edge_attr,
                              const Tensor& shift) const {
  Result now{embedding_in_(x), pos};
  for (const EGNNConv& layer : layers_) now = layer(graph, now.x, now.pos, edge_attr, shift);
  return {embedding_out_(now.x), now.pos};
}

void EGNN::collect(std::vector<NamedTensor>& state) const {
  embedding_in_.collect(state);
  embedding_out_.collect(state);
  for (const EGNNConv& layer : layers_) layer.collect(state);
}

}  // namespace halograph::nn
