// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/cf_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/radial.hpp>
#include <halograph/ops/weighted.hpp>

#include "nn/atoms.hpp"

namespace halograph::nn {

CFConv::CFConv(const Scope& scope, const CFConvOptions& options) : options_(options) {
  require(options.cutoff > 0, "CFConv ", scope.name(), ": cutoff is ", options.cutoff, "; it is above 0");
  const std::int64_t filters = options.num_filters;
  const auto linear = [&](const char* part, std::int64_t in, std::int64_t out, bool bias) {
    return Linear(scope / part, in, out, {.bias = bias, .glorot = true});
  };
  lin1_ = linear("lin1", options.in_channels, filters, false);
  lin2_ = linear("lin2", filters, options.out_channels, true);
  filter0_ = linear("nn.0", options.edge_dim, filters, true);
  filter2_ = linear("nn.2", filters, filters, true);
}

Tensor CFConv::filtered(const Graph& graph, const Tensor& x, const Tensor& edge_weight, const Tensor& edge_attr) const {
  const Tensor h = lin1_(x);
  const Tensor ghosts = ops::halo(graph, h);
  const Tensor filters = two_layers(filter0_, filter2_, ops::Activation::ssp, edge_attr,
                                    ops::cosine_cutoff(edge_weight, options_.cutoff, options_.mask_cutoff));
  return ops::weighted_sum(graph, h, ghosts, filters);
}

Tensor CFConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight,
                          const Tensor& edge_attr) const {
  return lin2_(filtered(graph, x, edge_weight, edge_attr));
}

}  // namespace halograph::nn
