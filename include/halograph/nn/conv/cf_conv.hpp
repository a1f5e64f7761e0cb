// SPDX-License-Identifier: BSD-3-Clause
// The continuous-filter convolution of SchNet (arXiv:1706.08566):
//   y_i = lin2(sum over j -> i of lin1(x_j) * W_ji),  W_ji = nn(edge_attr_ji) * 0.5 (cos(pi d_ji / cutoff) + 1)
// with nn = Linear, shifted softplus, Linear on the expansion of the distance d_ji. The filters W are in memory, one
// row an edge; the messages are not.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct CFConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  std::int64_t num_filters = 0;
  std::int64_t edge_dim = 0;  ///< columns of edge_attr
  double cutoff = 10;
  /// Whether edges of length cutoff and more have no weight. Without it, as in PyTorch Geometric, the cosine rises
  /// again beyond the cutoff; on a graph of edges within it there is no difference.
  bool mask_cutoff = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class CFConv {
 public:
  using Options = CFConvOptions;

  /// `lin1.weight`, `lin2.weight`, `lin2.bias`, `nn.0.*`, `nn.2.*`
  CFConv(const Scope& scope, const CFConvOptions& options);

  /// x [n_nodes, in], distances edge_weight [n_edges, 1], edge_attr [n_edges, edge_dim] -> [n_nodes, out]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight, const Tensor& edge_attr) const;

  /// The sum before lin2, [n_nodes, num_filters]. Collective.
  Tensor filtered(const Graph& graph, const Tensor& x, const Tensor& edge_weight, const Tensor& edge_attr) const;
  const Linear& lin2() const { return lin2_; }

  /// The layers of nn.
  const Linear& filter(int layer) const { return layer == 0 ? filter0_ : filter2_; }

 private:
  CFConvOptions options_;
  Linear lin1_, lin2_, filter0_, filter2_;
};

}  // namespace halograph::nn
