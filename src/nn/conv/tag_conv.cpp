// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/tag_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/nn/normalised_adjacency.hpp>

namespace halograph::nn {

TAGConv::TAGConv(std::string name, const TAGConvOptions& options, DType dtype, const Random& random)
    : options_(options), name_(std::move(name)) {
  require(options.K >= 0, "TAGConv ", name_, ": K is ", options.K, "; it is at least 0");
  for (int k = 0; k <= options.K; ++k)
    lins_.emplace_back(join(name_, cat("lins.", k)), options.in_channels, options.out_channels, dtype, random,
                       LinearOptions{.bias = false});
  if (options.bias) bias_ = Tensor::zeros(1, options.out_channels, dtype).set_requires_grad();
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

void TAGConv::collect(std::vector<NamedTensor>& state) const {
  for (const Linear& lin : lins_) lin.collect(state);
  if (bias_.defined()) state.push_back({join(name_, "bias"), bias_, true});
}

}  // namespace halograph::nn
