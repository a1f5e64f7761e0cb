// SPDX-License-Identifier: BSD-3-Clause
// Crystal graph convolution of Xie and Grossman (Phys. Rev. Lett. 120, 145301):
//   x'_i = x_i + aggr over in-edges (j -> i) of sigmoid(lin_f(z)) * softplus(lin_s(z)),  z = [x_i, x_j, e_ji]
// with `batch_norm` on the aggregate.
// The node parts of both linear layers are multiplied once a node, and both source parts travel in one exchange.
#pragma once

#include <optional>
#include <string>

#include <halograph/nn/linear.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct CGConvOptions {
  std::int64_t channels = 0;
  std::int64_t dim = 0;  ///< channels of edge_attr
  ops::Aggregation aggr = ops::Aggregation::sum;
  bool batch_norm = false;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class CGConv {
 public:
  using Options = CGConvOptions;

  /// `lin_f.weight`, `lin_f.bias`, `lin_s.weight`, `lin_s.bias`, and with batch_norm `bn.weight`, `bn.bias` and
  /// its buffers `bn.running_mean`, `bn.running_var`, `bn.num_batches_tracked`.
  CGConv(const Scope& scope, const CGConvOptions& options);

  /// x [n_nodes, channels], edge_attr [n_edges, dim], undefined if dim is 0 ->
  /// [n_nodes, channels]. `mode` is for the norm. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr = {}, const Mode& mode = {}) const;

 private:
  CGConvOptions options_;
  std::string name_;
  Linear lin_f_, lin_s_;
  std::optional<BatchNorm> bn_;
};

}  // namespace halograph::nn
