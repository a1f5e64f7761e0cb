// SPDX-License-Identifier: BSD-3-Clause
// The E(n)-equivariant layer of Satorras, Hoogeboom and Welling (arXiv:2102.09844), in the form of the authors' code:
//   r2 = |pos_i - pos_j|^2,  m_ji = edge_mlp([x_i | x_j | r2 | edge_attr_ji])  (times sigmoid(att_mlp(m_ji)))
//   pos'_i = pos_i + mean or sum over j -> i of (pos_i - pos_j) coord_mlp(m_ji)
//   y_i = node_mlp([x_i | sum over j -> i of m_ji])  (+ x_i)
// edge_mlp has SiLU after both layers, the other two after the first. The node columns of edge_mlp's first layer are
// multiplied once a node.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/mlp.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct EGNNConvOptions {
  std::int64_t in_channels = 0, out_channels = 0, hidden = 0;
  std::int64_t edge_dim = 0;  ///< columns of edge_attr; 0: there is none
  bool residual = true;       ///< on the features; needs in_channels == out_channels
  bool attention = false;
  /// Divides pos_i - pos_j by its length + 1e-8. As in the authors' code no gradient goes through that divisor.
  bool normalize = false;
  bool tanh = false;                                     ///< bounds what coord_mlp gives
  ops::Aggregation coords_agg = ops::Aggregation::mean;  ///< or sum
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class EGNNConv {
 public:
  struct Result {
    Tensor x;    ///< [n_nodes, out]
    Tensor pos;  ///< [n_nodes, d]
  };

  using Options = EGNNConvOptions;

  /// `edge_mlp.0.*`, `edge_mlp.2.*`, `node_mlp...`, `coord_mlp.0.*`, `coord_mlp.2.weight`, `att_mlp.0.*`
  EGNNConv(const Scope& scope, const EGNNConvOptions& options);

  /// x [n_nodes, in], pos [n_nodes, d], edge_attr [n_edges, edge_dim] or undefined, shift [n_edges, d] of periodic
  /// images or undefined. Collective.
  Result operator()(const Graph& graph, const Tensor& x, const Tensor& pos, const Tensor& edge_attr = {},
                    const Tensor& shift = {}) const;

 private:
  ops::EdgeMlpResult messages(const Graph& graph, const Tensor& x, const Tensor& squared,
                              const Tensor& edge_attr) const;
  Tensor moved(const Graph& graph, const Tensor& pos, const Tensor& vectors, const Tensor& squared,
               const Tensor& m) const;

  std::string name_;
  EGNNConvOptions options_;
  Mlp edge_mlp_, node_mlp_;
  Linear coord0_, coord2_, attention_;
};

}  // namespace halograph::nn
