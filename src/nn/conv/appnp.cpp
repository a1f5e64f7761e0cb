// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/appnp.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/normalised_adjacency.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::nn {

APPNP::APPNP(const APPNPOptions& options) : options_(options) {
  require(options.K >= 0, "APPNP: K is ", options.K, "; it is at least 0");
}

Tensor APPNP::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  require(x.defined(), "APPNP: x is undefined");
  const NormalisedAdjacency adjacency(
      graph, edge_weight, x.dtype(),
      {.add_self_loops = options_.add_self_loops, .normalize = options_.normalize, .layer = "APPNP"});
  const Tensor returned = ops::scale_shift(x, options_.alpha);
  Tensor z = x;
  for (int k = 0; k < options_.K; ++k) z = ops::add(ops::scale_shift(adjacency(z), 1 - options_.alpha), returned);
  return z;
}

}  // namespace halograph::nn
