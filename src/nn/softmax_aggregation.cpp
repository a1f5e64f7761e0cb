// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/softmax_aggregation.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

SoftmaxAggregation::SoftmaxAggregation(const Scope& scope, const SoftmaxAggregationOptions& options)
    : name_(scope.name()), options_(options) {
  require(options.channels > 0, "SoftmaxAggregation ", name_, ": channels is ", options.channels,
          ", expected at least 1");
  require(options.channels == 1 || options.learn, "SoftmaxAggregation ", name_, ": channels is ", options.channels,
          ", but only a learnt t can differ between channels");
  t_ = options.learn ? scope.constant("t", 1, options.channels, options.t, true)
                     : Tensor::full(1, 1, options.t, scope.dtype(), nullptr, scope.device());
}

Tensor SoftmaxAggregation::operator()(const Graph& graph, const Tensor& edges) const {
  require(options_.channels == 1 || edges.cols() == options_.channels, "SoftmaxAggregation ", name_, ": edges ", edges,
          " for ", options_.channels, " channels");
  const bool plain = options_.t == 1 && !options_.learn;
  const Tensor alpha = ops::segment_softmax(graph, plain ? edges : ops::multiply(edges, t_));
  return ops::segment_sum(graph, ops::multiply(alpha, edges));
}

}  // namespace halograph::nn
