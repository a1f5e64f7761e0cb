// SPDX-License-Identifier: BSD-3-Clause
// Simple graph convolution of Wu et al. (arXiv:1902.07153): x' = A^K x W^T + b with the normalised adjacency A of
// normalised_adjacency.hpp. Collective: K exchanges of the narrower of x and x'.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct SGConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  int K = 1;
  bool add_self_loops = true;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class SGConv {
 public:
  using Options = SGConvOptions;

  /// `lin.weight` and `lin.bias`.
  SGConv(const Scope& scope, const SGConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  SGConvOptions options_;
  Linear lin_;
};

}  // namespace halograph::nn
