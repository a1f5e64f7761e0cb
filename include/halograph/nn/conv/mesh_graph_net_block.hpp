// SPDX-License-Identifier: BSD-3-Clause
// One message-passing step of MeshGraphNets (Pfaff et al., arXiv:2010.03409) on node and edge states of equal width:
//   e = edge_mlp([x_source | x_target | edge_attr]),  v = node_mlp([x | sum over in-edges of e])
//   x' = x + v,  edge_attr' = edge_attr + e
// Networks are Linear, activation, ..., Linear, LayerNorm. The first edge layer's node parts are multiplied once a node
// (Mlp::on_edges). See mesh_graph_net.hpp for whole networks with encoders and decoder.
#pragma once

#include <cstdint>

#include <halograph/nn/mlp.hpp>

namespace halograph::nn {

struct MeshGraphNetBlockOptions {
  std::int64_t latent = 0;  ///< channels of nodes and edges
  std::int64_t hidden = 0;
  int hidden_layers = 2;
  ops::Activation activation = ops::Activation::relu;
  double layer_norm_eps = 1e-5;
  bool sum_updated = false;  ///< nodes receive edge_attr' instead of e, as MeshGraphNet and PhysicsNeMo have it
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class MeshGraphNetBlock {
 public:
  struct State {
    Tensor x;          ///< [n_nodes, latent]
    Tensor edge_attr;  ///< [n_edges, latent]
  };

  using Options = MeshGraphNetBlockOptions;

  /// `<name>.edge_mlp.k` and `<name>.node_mlp.k`, k counting activations too; the norm is the last.
  MeshGraphNetBlock(const Scope& scope, const MeshGraphNetBlockOptions& options);
  /// Takes networks that were made elsewhere, from 3 and 2 latent channels to latent.
  MeshGraphNetBlock(Mlp edge_mlp, Mlp node_mlp, bool sum_updated = true);

  /// x [n_nodes, latent] and edge_attr [n_edges, latent] -> the same after the step. Without `update_edges` edge_attr
  /// comes back as it was, and edge_attr' is never kept. Collective.
  State operator()(const Graph& graph, const State& state, bool update_edges = true) const;
  State operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
    return (*this)(graph, State{x, edge_attr});
  }

  /// As Mlp::n_parameters(), parameters() and with(): those of edge_mlp, then of node_mlp.
  std::size_t n_parameters() const { return edge_mlp_.n_parameters() + node_mlp_.n_parameters(); }
  std::vector<Tensor> parameters() const;
  MeshGraphNetBlock with(std::span<const Tensor> parameters) const;

 private:
  Mlp edge_mlp_, node_mlp_;
  bool sum_updated_;
};

}  // namespace halograph::nn
