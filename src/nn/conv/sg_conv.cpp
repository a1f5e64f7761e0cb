// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/sg_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/normalised_adjacency.hpp>

namespace halograph::nn {

SGConv::SGConv(const Scope& scope, const SGConvOptions& options)
    : options_(options), lin_(scope / "lin", options.in_channels, options.out_channels, {.bias = options.bias}) {
  require(options.K >= 0, "SGConv ", scope.name(), ": K is ", options.K, "; it is at least 0");
}

Tensor SGConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  require(x.defined(), lin_.name, ": x is undefined");
  const NormalisedAdjacency adjacency(
      graph, edge_weight, x.dtype(),
      {.add_self_loops = options_.add_self_loops, .layer = cat("SGConv with ", lin_.name)});
  const bool layer_first = options_.out_channels < options_.in_channels;
  Tensor y = layer_first ? ops::linear(x, lin_.weight) : x;
  for (int k = 0; k < options_.K; ++k) y = adjacency(y);
  if (!layer_first) return lin_(y);
  return lin_.bias.defined() ? ops::add(y, lin_.bias) : y;
}

}  // namespace halograph::nn
