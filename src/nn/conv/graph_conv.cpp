// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/graph_conv.hpp>

#include <halograph/nn/propagate.hpp>

namespace halograph::nn {

GraphConv::GraphConv(const Scope& scope, const GraphConvOptions& options)
    : aggr_(options.aggr),
      lin_rel_(scope / "lin_rel", options.in_channels, options.out_channels, {.bias = options.bias}),
      lin_root_(scope / "lin_root", options.in_channels, options.out_channels, {.bias = false}) {}

Tensor GraphConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  return ops::add(propagate_through(graph, x, edge_weight, std::span(&aggr_, 1), lin_rel_), lin_root_(x));
}

}  // namespace halograph::nn
