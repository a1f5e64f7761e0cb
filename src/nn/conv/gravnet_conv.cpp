// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gravnet_conv.hpp>

#include <array>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

GravNetConv::GravNetConv(const Scope& scope, const GravNetConvOptions& options)
    : name_(scope.name()), options_(options) {
  const std::int64_t in = options.in_channels, out = options.out_channels, propagate = options.propagate_dimensions;
  for (const std::int64_t n : {in, out, options.space_dimensions, propagate, options.k})
    require(n >= 1, "GravNetConv ", name_, ": channels ", in, " and ", out, ", dimensions ", options.space_dimensions,
            " and ", propagate, ", k ", options.k, "; all are at least 1");
  lin_s_ = Linear(scope / "lin_s", in, options.space_dimensions);
  lin_h_ = Linear(scope / "lin_h", in, propagate);
  lin_out1_ = Linear(scope / "lin_out1", in, out, {.bias = false});
  lin_out2_ = Linear(scope / "lin_out2", 2 * propagate, out);
}

Tensor GravNetConv::operator()(const Graph& graph, const Tensor& x) const { return forward(graph, nullptr, x); }
Tensor GravNetConv::operator()(const Graph& graph, const Batch& batch, const Tensor& x) const {
  return forward(graph, &batch, x);
}

Tensor GravNetConv::forward(const Graph& graph, const Batch* batch, const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "GravNetConv ", name_, ": x is ", x, ", expected ",
          options_.in_channels, " columns");
  const Tensor space = lin_s_(x), features = lin_h_(x);
  const KnnOptions search{.k = options_.k, .include_self = options_.include_self};
  const Graph nearest = batch ? knn_graph(graph, space, search, *batch) : knn_graph(graph, space, search);
  const Tensor weights = ops::gravnet_weights(nearest, space, options_.potential);
  const ops::GravnetMessages messages = ops::gravnet_messages(nearest, features, weights);
  std::array<Tensor, 2> both{messages.mean, messages.max};
  if (options_.max_first) std::swap(both[0], both[1]);
  return ops::activate(options_.activation, ops::add(lin_out1_(x), lin_out2_(ops::concatenate(both))));
}

}  // namespace halograph::nn
