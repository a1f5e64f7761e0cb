// SPDX-License-Identifier: BSD-3-Clause
// Topology adaptive graph convolution of Du et al. (arXiv:1710.10370):
//   x' = sum over k = 0 ... K of A^k x W_k^T + b
// with the normalised adjacency A of normalised_adjacency.hpp, without added loops. Collective: K exchanges of x.
#pragma once

#include <string>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct TAGConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  int K = 3;
  bool bias = true;
  bool normalize = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class TAGConv {
 public:
  using Options = TAGConvOptions;

  /// `lins.0.weight`, ..., `lins.K.weight`, `bias`.
  TAGConv(const Scope& scope, const TAGConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  TAGConvOptions options_;
  std::string name_;
  std::vector<Linear> lins_;
  Tensor bias_;
};

}  // namespace halograph::nn
