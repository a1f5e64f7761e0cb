// SPDX-License-Identifier: BSD-3-Clause
// Graph isomorphism networks: Xu et al. (arXiv:1810.00826) and, with features of edges, Hu et al. (arXiv:1905.12265):
//   GINConv   x'_i = nn((1 + eps) x_i + sum over in-edges (j -> i) of x_j)
//   GINEConv  x'_i = nn((1 + eps) x_i + sum over in-edges (j -> i) of relu(x_j + e_ji)), e = lin(edge_attr) with
//   edge_dim
// Collective: one exchange of x. GINConv writes no messages, GINEConv [n_edges, in] of them.
#pragma once

#include <string>

#include <halograph/nn/mlp.hpp>

namespace halograph::nn {

struct GINConvOptions {
  SequentialOptions nn;
  double eps = 0;
  bool train_eps = false;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GINConv {
 public:
  using Options = GINConvOptions;

  /// `eps` (a buffer unless trained) and `nn.0.weight`, ...
  GINConv(const Scope& scope, const GINConvOptions& options);

  /// x [n_nodes, nn's input] -> [n_nodes, nn's output]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;

 private:
  std::string name_;
  Tensor eps_;
  Mlp nn_;
};

struct GINEConvOptions {
  SequentialOptions nn;
  double eps = 0;
  bool train_eps = false;
  std::int64_t edge_dim = 0;  ///< channels of edge_attr; 0: as many as x has, and no `lin`
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GINEConv {
 public:
  using Options = GINEConvOptions;

  /// `eps` (a buffer unless trained), `nn.0.weight`, ..., and with edge_dim `lin.weight`, `lin.bias`.
  GINEConv(const Scope& scope, const GINEConvOptions& options);

  /// x [n_nodes, nn's input], edge_attr [n_edges, edge_dim] -> [n_nodes, nn's output]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const;

 private:
  std::string name_;
  Tensor eps_;
  Mlp nn_;
  Linear lin_;
};

}  // namespace halograph::nn
