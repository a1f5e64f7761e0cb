// SPDX-License-Identifier: BSD-3-Clause
// The graph convolution of Kipf and Welling (arXiv:1609.02907):
//   x' = D^-1/2 (A + I) D^-1/2 x W^T + b
// with degrees D of in-edges and weights of loops as in normalised_adjacency.hpp. The narrower of x and x W^T goes
// along the edges, in one exchange. Of the size of the edges only their weights are kept.
#pragma once

#include <optional>
#include <string>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct GCNConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  bool improved = false;                 ///< A + 2 I instead of A + I
  std::optional<bool> add_self_loops{};  ///< as `normalize` if not given
  bool normalize = true;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GCNConv {
 public:
  using Options = GCNConvOptions;

  /// `lin.weight` and `bias`.
  GCNConv(const Scope& scope, const GCNConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  GCNConvOptions options_;
  std::string name_;
  Linear lin_;
  Tensor bias_;
};

}  // namespace halograph::nn
