// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/le_conv.hpp>

#include <halograph/nn/propagate.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

LEConv::LEConv(const Scope& scope, const LEConvOptions& options)
    : lin1_(scope / "lin1", options.in_channels, options.out_channels, {.bias = options.bias}),
      lin2_(scope / "lin2", options.in_channels, options.out_channels, {.bias = false}),
      lin3_(scope / "lin3", options.in_channels, options.out_channels, {.bias = options.bias}) {}

Tensor LEConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  const Tensor sum = propagate(graph, lin1_(x), edge_weight, ops::Aggregation::sum);
  const Tensor degree = edge_weight.defined() ? ops::segment_sum(graph, edge_weight) : graph.in_degree(x.dtype());
  return ops::add(ops::subtract(sum, ops::multiply(lin2_(x), degree)), lin3_(x));
}

}  // namespace halograph::nn
