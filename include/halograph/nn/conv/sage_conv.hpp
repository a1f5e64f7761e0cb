// SPDX-License-Identifier: BSD-3-Clause
// GraphSAGE of Hamilton et al. (arXiv:1706.02216):
//   x'_i = lin_l(aggr over in-edges (j -> i) of p_j) + lin_r(x_i),  p = relu(lin(x)) with `project`, else x
// and with `normalize` x'_i / max(|x'_i|, 1e-12). Collective: one exchange, of x' where that is narrower than p and the
// aggregator is a sum or a mean, for which no messages are written.
#pragma once

#include <vector>

#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct SAGEConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  std::vector<ops::Aggregation> aggr{ops::Aggregation::mean};  ///< side by side
  bool normalize = false;                                      ///< rows of length 1
  bool root_weight = true;                                     ///< whether a node sees itself
  bool project = false;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class SAGEConv {
 public:
  using Options = SAGEConvOptions;

  /// `lin.weight`, `lin.bias` (project), `lin_l.weight`, `lin_l.bias`, `lin_r.weight` (root_weight).
  SAGEConv(const Scope& scope, const SAGEConvOptions& options);

  /// x [n_nodes, in_channels] -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;

 private:
  SAGEConvOptions options_;
  Linear lin_, lin_l_, lin_r_;
};

}  // namespace halograph::nn
