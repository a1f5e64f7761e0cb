// SPDX-License-Identifier: BSD-3-Clause
// Layer normalisation of node features (arXiv:1607.06450), over the channels of each node or, as PyTorch Geometric does
// by default, over all nodes and channels of each graph:
//   y = (x - mean) / sqrt(variance + eps) * weight + bias
// with the biased variance, formed from differences to the mean. In mode graph the sums run along the tree of patches.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::nn {

struct LayerNormOptions {
  std::int64_t in_channels = 0;
  double eps = 1e-5;
  bool affine = true;
  enum class Mode : std::uint8_t { graph, node } mode = Mode::graph;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class LayerNorm {
 public:
  using Options = LayerNormOptions;

  /// `weight` and `bias`, if affine.
  LayerNorm(const Scope& scope, const LayerNormOptions& options);

  /// Nodes of one graph, or mode node. Collective in mode graph.
  Tensor operator()(const Tensor& x) const;
  /// Nodes of the graphs of a batch. Collective in mode graph.
  Tensor operator()(const Batch& batch, const Tensor& x) const;

 private:
  Tensor finish(const Tensor& normalised) const;
  void check(const Tensor& x) const;

  std::string name_;
  LayerNormOptions options_;
  Tensor weight_, bias_;
};

}  // namespace halograph::nn
