// SPDX-License-Identifier: BSD-3-Clause
// The sum over in-edges weighted by a softmax of the messages times an inverse temperature t, which can be learnt and
// be one for each channel: between the mean (t = 0) and the maximum (t large). Li et al., arXiv:2006.07739.
#pragma once

#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::nn {

struct SoftmaxAggregationOptions {
  double t = 1;
  bool learn = false;         ///< whether t is a parameter, `<name>.t`
  std::int64_t channels = 1;  ///< 1, or one t for each channel, which needs learn
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class SoftmaxAggregation {
 public:
  using Options = SoftmaxAggregationOptions;

  /// `t`, if learnt.
  SoftmaxAggregation(const Scope& scope, const SoftmaxAggregationOptions& options);

  /// edges [n_edges, c] -> [n_nodes, c]: sum over in-edges of segment_softmax(t * edges) * edges.
  Tensor operator()(const Graph& graph, const Tensor& edges) const;

 private:
  std::string name_;
  SoftmaxAggregationOptions options_;
  Tensor t_;  ///< [1, channels]
};

}  // namespace halograph::nn
