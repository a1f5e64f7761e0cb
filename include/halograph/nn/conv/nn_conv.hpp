// SPDX-License-Identifier: BSD-3-Clause
// The continuous kernel-based convolution of Gilmer et al. (arXiv:1704.01212), NNConv or ECConv:
//   x'_i = aggr over in-edges (j -> i) of x_j Theta_ji + lin(x_i) + bias,  Theta = nn(edge_attr) as [in, out]
// The last layer of nn is linear, Theta_ji = sum_k h_k(e_ji) T_k + T_0. With sum or mean it therefore comes behind the
// sum over edges: S_i = sum_j [h(e_ji), 1] x_j^T at the nodes, [n_nodes, (K + 1) in], then one product. The matrices
// Theta are never made, an edge costs (K + 1) in products instead of (K + 1) in out. Other aggregators need them,
// [n_edges, in out]. Collective: one exchange of x.
#pragma once

#include <string>

#include <halograph/nn/mlp.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct NNConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  SequentialOptions nn;  ///< from the channels of edge_attr to in_channels * out_channels
  ops::Aggregation aggr = ops::Aggregation::sum;
  bool root_weight = true;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class NNConv {
 public:
  using Options = NNConvOptions;

  /// `nn.0.weight`, ..., `lin.weight` (root_weight), `bias`.
  NNConv(const Scope& scope, const NNConvOptions& options);

  /// x [n_nodes, in_channels], edge_attr [n_edges, nn's input] -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const;

 private:
  Tensor summed(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const;
  Tensor messages(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const;

  NNConvOptions options_;
  std::string name_;
  Mlp nn_;
  Linear lin_;
  Tensor bias_;
};

}  // namespace halograph::nn
