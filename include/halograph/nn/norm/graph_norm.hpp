// SPDX-License-Identifier: BSD-3-Clause
// Graph normalisation (Cai et al., "GraphNorm", arXiv:2009.03294): per graph and channel over its nodes,
//   c = x - mean_scale * mean(x),  y = c / sqrt(mean(c^2) + eps) * weight + bias
// with a learnt share of the mean.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::nn {

struct GraphNormOptions {
  std::int64_t in_channels = 0;
  double eps = 1e-5;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GraphNorm {
 public:
  using Options = GraphNormOptions;

  /// `weight`, `bias`, `mean_scale`.
  GraphNorm(const Scope& scope, const GraphNormOptions& options);

  /// nodes [n_nodes, in_channels] -> the same shape. Collective.
  Tensor operator()(const Batch& batch, const Tensor& x) const;

 private:
  std::string name_;
  GraphNormOptions options_;
  Tensor weight_, bias_, mean_scale_;
};

}  // namespace halograph::nn
