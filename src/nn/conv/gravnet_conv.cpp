// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gravnet_conv.hpp>

#include <array>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

GravNetConv::GravNetConv(std::string name, const GravNetConvOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)), options_(options) {
  const std::int64_t in = options.in_channels, out = options.out_channels, propagate = options.propagate_dimensions;
  for (const std::int64_t n : {in, out, options.space_dimensions, propagate, options.k})
    require(n >= 1, "GravNetConv ", name_, ": channels ", in, " and ", out, ", dimensions ", options.space_dimensions,
            " and ", propagate, ", k ", options.k, "; all are at least 1");
  lin_s_ = Linear(join(name_, "lin_s"), in, options.space_dimensions, dtype, random);
  lin_h_ = Linear(join(name_, "lin_h"), in, propagate, dtype, random);
  lin_out1_ = Linear(join(name_, "lin_out1"), in, out, dtype, random, {.bias = false});
  lin_out2_ = Linear(join(name_, "lin_out2"), 2 * propagate, out, dtype, random);
}

Tensor GravNetConv::operator()(const Graph& nodes, const Tensor& x) const { return forward(nodes, x, nullptr); }
Tensor GravNetConv::operator()(const Graph& nodes, const Tensor& x, const Batch& batch) const {
  return forward(nodes, x, &batch);
}

Tensor GravNetConv::forward(const Graph& nodes, const Tensor& x, const Batch* batch) const {
  require(x.defined() && x.cols() == options_.in_channels, "GravNetConv ", name_, ": x is ", x, ", expected ",
          options_.in_channels, " columns");
  const Tensor space = lin_s_(x), features = lin_h_(x);
  const KnnOptions search{.k = options_.k, .include_self = options_.include_self};
  const Graph graph = batch ? knn_graph(nodes, space, search, *batch) : knn_graph(nodes, space, search);
  const Tensor weights = ops::gravnet_weights(graph, space, options_.potential);
  const ops::GravnetMessages messages = ops::gravnet_messages(graph, features, weights);
  std::array<Tensor, 2> both{messages.mean, messages.max};
  if (options_.max_first) std::swap(both[0], both[1]);
  return ops::activate(options_.activation, ops::add(lin_out1_(x), lin_out2_(ops::concatenate(both))));
}

void GravNetConv::collect(std::vector<NamedTensor>& state) const {
  for (const Linear* linear : {&lin_s_, &lin_h_, &lin_out1_, &lin_out2_}) linear->collect(state);
}

}  // namespace halograph::nn
