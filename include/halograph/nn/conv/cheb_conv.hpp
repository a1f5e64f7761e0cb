// SPDX-License-Identifier: BSD-3-Clause
// Chebyshev spectral graph convolution of Defferrard et al. (arXiv:1606.09375):
//   x' = sum over k < K of T_k(L^) x W_k^T + b,  L^ = 2 L / lambda_max - I,  L = I - D^-1/2 A D^-1/2
// with A without its loops and, as in PyTorch Geometric, D the sums of weights over out-edges. Collective: K - 1
// exchanges of x, and one of degrees.
#pragma once

#include <string>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct ChebConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  int K = 0;
  double lambda_max = 2;  ///< the largest eigenvalue of L
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class ChebConv {
 public:
  using Options = ChebConvOptions;

  /// `lins.0.weight`, ..., `lins.<K - 1>.weight`, `bias`.
  ChebConv(const Scope& scope, const ChebConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  ChebConvOptions options_;
  std::string name_;
  std::vector<Linear> lins_;
  Tensor bias_;
};

}  // namespace halograph::nn
