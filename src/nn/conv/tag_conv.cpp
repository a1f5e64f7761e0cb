// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/tag_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/normalised_adjacency.hpp>

namespace halograph::nn {

TAGConv::TAGConv(const Scope& scope, const TAGConvOptions& options) : options_(options), name_(scope.name()) {
  require(options.K >= 0, "TAGConv ", name_, ": K is ", options.K, "; it is at least 0");
  for (int k = 0; k <= options.K; ++k)
    lins_.emplace_back(scope / cat("lins.", k), options.in_channels, options.out_channels,
                       LinearOptions{.bias = false});
  if (options.bias) bias_ = scope.constant("bias", 1, options.out_channels, 0, true);
}

Tensor TAGConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  require(x.defined(), "TAGConv ", name_, ": x is undefined");
  const NormalisedAdjacency adjacency(
      graph, edge_weight, x.dtype(),
      {.add_self_loops = false, .normalize = options_.normalize, .layer = cat("TAGConv ", name_)});
  Tensor power = x, y = lins_[0](x);
  for (std::size_t k = 1; k < lins_.size(); ++k) {
    power = adjacency(power);
    y = ops::add(y, lins_[k](power));
  }
  return bias_.defined() ? ops::add(y, bias_) : y;
}

}  // namespace halograph::nn
