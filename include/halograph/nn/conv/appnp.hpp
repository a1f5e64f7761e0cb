// SPDX-License-Identifier: BSD-3-Clause
// Personalised propagation of neural predictions, Gasteiger et al. (arXiv:1810.05997), without parameters:
//   z_0 = x,  z_k = (1 - alpha) A z_{k-1} + alpha x,  x' = z_K
// with the normalised adjacency A of normalised_adjacency.hpp. Collective: K exchanges of x.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::nn {

struct APPNPOptions {
  int K = 0;
  double alpha = 0;
  bool add_self_loops = true;
  bool normalize = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class APPNP {
 public:
  explicit APPNP(const APPNPOptions& options);

  /// x [n_nodes, c], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, c]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  APPNPOptions options_;
};

}  // namespace halograph::nn
