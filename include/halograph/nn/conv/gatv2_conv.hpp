// SPDX-License-Identifier: BSD-3-Clause
// Graph attention whose ranking of neighbours depends on the node, Brody et al. (arXiv:2105.14491), as PyTorch
// Geometric's GATv2Conv. With z_l = lin_l(x) and z_r = lin_r(x) cut into heads:
//   e_ji = att . LeakyReLU(z_l_j + z_r_i + W_e edge_attr_ji),  alpha = softmax of e over in-edges
//   x'_i = sum over in-edges of alpha_ji z_l_j, heads side by side or their mean (+ res(x_i)) + bias
// The sum inside LeakyReLU is one for each edge, head and channel; ops::attention_scores makes it in cache, so that
// only scores, [n_edges, heads], are kept, forward and backward. Collective: one exchange of z_l.
#pragma once

#include <halograph/nn/conv/gat_conv.hpp>

namespace halograph::nn {

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GATv2Conv {
 public:
  using Options = GATConvOptions;

  /// `lin_l.*`, `lin_r.*` (not with share_weights), `att` [heads, out], `lin_edge.weight`, `res.weight`, `bias`.
  GATv2Conv(const Scope& scope, const GATConvOptions& options);

  /// x [n_nodes, in_channels], edge_attr [n_edges, edge_dim] or undefined -> [n_nodes, heads * out_channels], without
  /// concat [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr = {}, const Mode& mode = {}) const;

 private:
  std::string name_;
  GATConvOptions options_;
  Linear lin_l_, lin_r_, lin_edge_, res_;
  Dropout dropout_;
  Tensor att_, bias_;
};

}  // namespace halograph::nn
