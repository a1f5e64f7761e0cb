// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/graph_conv.hpp>

#include <halograph/nn/naming.hpp>
#include <halograph/nn/propagate.hpp>

namespace halograph::nn {

GraphConv::GraphConv(std::string name, const GraphConvOptions& options, DType dtype, const Random& random)
    : aggr_(options.aggr),
      lin_rel_(join(name, "lin_rel"), options.in_channels, options.out_channels, dtype, random, {.bias = options.bias}),
      lin_root_(join(name, "lin_root"), options.in_channels, options.out_channels, dtype, random, {.bias = false}) {}

Tensor GraphConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  return ops::add(propagate_through(graph, x, edge_weight, std::span(&aggr_, 1), lin_rel_), lin_root_(x));
}

void GraphConv::collect(std::vector<NamedTensor>& state) const {
  lin_rel_.collect(state);
  lin_root_.collect(state);
}

}  // namespace halograph::nn
