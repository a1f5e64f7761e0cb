// SPDX-License-Identifier: BSD-3-Clause
// Local extremum operator of Ranjan et al. (arXiv:1911.07979):
//   x'_i = sum over in-edges (j -> i) of w_ji (lin1(x_j) - lin2(x_i)) + lin3(x_i)
// Collective: one exchange of lin1(x). No messages are written.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct LEConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class LEConv {
 public:
  using Options = LEConvOptions;

  /// `lin1.weight`, `lin1.bias`, `lin2.weight`, `lin3.weight`, `lin3.bias`.
  LEConv(const Scope& scope, const LEConvOptions& options);

  /// x [n_nodes, in_channels], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  Linear lin1_, lin2_, lin3_;
};

}  // namespace halograph::nn
