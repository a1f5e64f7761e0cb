// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/dynamic_edge_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>

namespace halograph::nn {

DynamicEdgeConv::DynamicEdgeConv(std::string name, const DynamicEdgeConvOptions& options, DType dtype,
                                 const Random& random)
    : k_(options.k), conv_(name, {options.nn, options.aggr}, dtype, random) {
  require(k_ >= 1, "DynamicEdgeConv ", name, ": k is ", k_, "; a node has at least one neighbour");
}

Tensor DynamicEdgeConv::operator()(const Graph& nodes, const Tensor& x) const {
  return conv_(knn_graph(nodes, x, {.k = k_, .include_self = true}), x);
}

Tensor DynamicEdgeConv::operator()(const Graph& nodes, const Tensor& x, const Batch& batch) const {
  return conv_(knn_graph(nodes, x, {.k = k_, .include_self = true}, batch), x);
}

}  // namespace halograph::nn
