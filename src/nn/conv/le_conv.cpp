// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/le_conv.hpp>

#include <halograph/nn/naming.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

LEConv::LEConv(std::string name, const LEConvOptions& options, DType dtype, const Random& random)
    : lin1_(join(name, "lin1"), options.in_channels, options.out_channels, dtype, random, {.bias = options.bias}),
      lin2_(join(name, "lin2"), options.in_channels, options.out_channels, dtype, random, {.bias = false}),
      lin3_(join(name, "lin3"), options.in_channels, options.out_channels, dtype, random, {.bias = options.bias}) {}

Tensor LEConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  const Tensor sum = propagate(graph, lin1_(x), edge_weight, ops::Aggregation::sum);
  const Tensor degree = edge_weight.defined() ? ops::segment_sum(graph, edge_weight) : graph.in_degree(x.dtype());
  return ops::add(ops::subtract(sum, ops::multiply(lin2_(x), degree)), lin3_(x));
}

void LEConv::collect(std::vector<NamedTensor>& state) const {
  for (const Linear* lin : {&lin1_, &lin2_, &lin3_}) lin->collect(state);
}

}  // namespace halograph::nn
