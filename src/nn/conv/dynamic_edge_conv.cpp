// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/dynamic_edge_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>

namespace halograph::nn {

DynamicEdgeConv::DynamicEdgeConv(const Scope& scope, const DynamicEdgeConvOptions& options)
    : k_(options.k), conv_(scope, {options.nn, options.aggr}) {
  require(k_ >= 1, "DynamicEdgeConv ", scope.name(), ": k is ", k_, "; a node has at least one neighbour");
}

Tensor DynamicEdgeConv::operator()(const Graph& graph, const Tensor& x) const {
  return conv_(knn_graph(graph, x, {.k = k_, .include_self = true}), x);
}

Tensor DynamicEdgeConv::operator()(const Graph& graph, const Batch& batch, const Tensor& x) const {
  return conv_(knn_graph(graph, x, {.k = k_, .include_self = true}, batch), x);
}

}  // namespace halograph::nn
