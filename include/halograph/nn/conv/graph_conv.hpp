// SPDX-License-Identifier: BSD-3-Clause
// The graph neural network operator of Morris et al. (arXiv:1810.02244):
//   x'_i = lin_rel(aggr over in-edges (j -> i) of w_ji x_j) + lin_root(x_i)
// Collective: one exchange of the narrower of x and x'. With sum or mean no messages are written.
#pragma once

#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct GraphConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  ops::Aggregation aggr = ops::Aggregation::sum;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GraphConv {
 public:
  using Options = GraphConvOptions;

  /// `lin_rel.weight`, `lin_rel.bias`, `lin_root.weight`.
  GraphConv(const Scope& scope, const GraphConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  ops::Aggregation aggr_;
  Linear lin_rel_, lin_root_;
};

}  // namespace halograph::nn
