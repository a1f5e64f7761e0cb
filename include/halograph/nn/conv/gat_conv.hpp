// SPDX-License-Identifier: BSD-3-Clause
// Graph attention, Velickovic et al. (arXiv:1710.10903), as PyTorch Geometric's GATConv. With z = x W^T cut into heads:
//   e_ji = LeakyReLU(att_src . z_j + att_dst . z_i + att_edge . (W_e edge_attr_ji)),  alpha = softmax of e over
//   in-edges x'_i = sum over in-edges of alpha_ji z_j, heads side by side or their mean (+ res(x_i)) + bias
// Scores are [n_edges, heads], made of one number a head of each end: nothing wider than that is kept per edge, forward
// or backward. The edge term is folded into one [heads, edge_dim] matrix, so W_e edge_attr never exists. With
// add_self_loops all loops are replaced by one for each node, whose edge_attr is the mean of the node's other in-edges,
// 0 without any. Collective: one exchange of z.
#pragma once

#include <string>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/dropout.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

/// For GATConv and GATv2Conv.
struct GATConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;  ///< out_channels: of each head
  std::int64_t heads = 1;
  bool concat = true;  ///< heads side by side; otherwise their mean
  double negative_slope = 0.2;
  double dropout = 0;  ///< probability that an edge is left out of a head's sum in training; the others are scaled up
  bool add_self_loops = true;
  std::int64_t edge_dim = 0;  ///< columns of edge_attr; 0: there is none
  bool bias = true;
  bool residual = false;       ///< adds res(x_i), a linear layer without bias
  bool share_weights = false;  ///< GATv2Conv only: lin_r is lin_l
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GATConv {
 public:
  using Options = GATConvOptions;

  /// `lin.weight` [heads * out, in], `att_src`, `att_dst`, with edge_dim `att_edge` [heads, out] and `lin_edge.weight`,
  /// `res.weight`, `bias`.
  GATConv(const Scope& scope, const GATConvOptions& options);

  /// x [n_nodes, in_channels], edge_attr [n_edges, edge_dim] or undefined -> [n_nodes, heads * out_channels], without
  /// concat [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr = {}, const Mode& mode = {}) const;

 private:
  std::string name_;
  GATConvOptions options_;
  Linear lin_, lin_edge_, res_;
  Dropout dropout_;
  Tensor att_src_, att_dst_, att_edge_, bias_;
};

}  // namespace halograph::nn
