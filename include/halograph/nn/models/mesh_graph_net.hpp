// SPDX-License-Identifier: BSD-3-Clause
// The consistent mesh graph network of Barwey et al. (arXiv:2410.01657), of the encode - process -
// decode type of MeshGraphNets (arXiv:2010.03409). With source s and target t of an edge:
//   x = node_encoder(input), e = edge_encoder(edge_attr)
//   for each step l:  e' = e + edge_mlp_l([x_s, x_t, e])
//                     x  = x + node_mlp_l([x, sum over in-edges of e'])
//                     e  = e' if the edge state is carried, else e stays as encoded
//   output = node_decoder(x)
// Every sum runs over all edges of a node in one order, so the result does not depend on ranks.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/nn/conv/mesh_graph_net_block.hpp>

namespace halograph::nn {

struct MeshGraphNetOptions {
  std::int64_t node_in = 0, edge_in = 0, node_out = 0;
  std::int64_t hidden = 32;
  int mlp_hidden_layers = 5;  ///< as MlpOptions::hidden_layers
  int steps = 4;              ///< message-passing steps
  ops::Activation activation = ops::Activation::elu;
  bool layer_norm = true;   ///< on the output of encoders and processor
  bool carry_edges = true;  ///< whether a step sees the edge state that the step before it made
  bool checkpoint = false;  ///< keep the state of every sqrt(steps)-th step only and run those between again
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class MeshGraphNet {
 public:
  using Options = MeshGraphNetOptions;

  /// `node_encoder.k.weight`, `edge_encoder...`, `processor.l.edge_mlp...`, `processor.l.node_mlp...`,
  /// `node_decoder...`.
  MeshGraphNet(const Scope& scope, const MeshGraphNetOptions& options);

  /// nodes [n_nodes, node_in], edges [n_edges, edge_in] -> [n_nodes, node_out]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& nodes, const Tensor& edges) const;

  /// The node state after the encoder and after each step, [n_nodes, hidden] each, not recorded.
  /// Collective.
  std::vector<Tensor> trace(const Graph& graph, const Tensor& nodes, const Tensor& edges) const;

  const MeshGraphNetOptions& options() const { return options_; }

 private:
  using State = MeshGraphNetBlock::State;
  /// The state after the blocks [first, last).
  State process(std::size_t first, std::size_t last, const Graph& graph, State state) const;
  State checkpointed(std::size_t first, std::size_t last, const Graph& graph, const State& state) const;
  bool updates_edges(std::size_t block) const { return options_.carry_edges && block + 1 < processor_.size(); }

  MeshGraphNetOptions options_;
  Mlp node_encoder_, edge_encoder_, node_decoder_;
  std::vector<MeshGraphNetBlock> processor_;
};

}  // namespace halograph::nn
