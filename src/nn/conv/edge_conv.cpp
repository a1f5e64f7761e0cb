// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/edge_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {

using ops::Aggregation;

EdgeConv::EdgeConv(const Scope& scope, const EdgeConvOptions& options)
    : name_(scope.name()), options_(options), nn_(scope / "nn", options.nn) {
  require(nn_.in_channels() % 2 == 0, "EdgeConv ", name_, ": nn begins with ", nn_.in_channels(),
          " channels, expected an even number, those of x_i and of x_j - x_i");
}

Tensor EdgeConv::operator()(const Graph& graph, const Tensor& x) const {
  const std::int64_t c = nn_.in_channels() / 2;
  require(x.defined() && x.cols() == c, "EdgeConv ", name_, ": x is ", x, ", expected ", c, " columns");
  const Tensor& weight = nn_.layer(0).weight;
  const Tensor of_source = ops::slice_columns(weight, c, c);
  const Tensor of_target = ops::subtract(ops::slice_columns(weight, 0, c), of_source);
  const Tensor source = ops::linear(x, of_source);
  const Tensor target = ops::linear(x, of_target, nn_.layer(0).bias);

  const bool sums = options_.aggr == Aggregation::sum || options_.aggr == Aggregation::mean;
  if (sums && options_.nn.channels.size() == 2 && !options_.nn.layer_norm) return without_edges(graph, target, source);
  const ops::EdgeMlpResult result = nn_.on_pairs(graph, target, source, {}, false, {.edges = !sums, .sum = sums});
  if (!sums) return ops::aggregate(graph, result.edges, options_.aggr);
  return options_.aggr == Aggregation::sum ? result.sum : ops::divide_by_degree(graph, result.sum);
}

/// A sum of linear messages: each in-edge brings target_i + source_j.
Tensor EdgeConv::without_edges(const Graph& graph, const Tensor& target, const Tensor& source) const {
  const Tensor sources = ops::neighbour_sum(graph, source), degree = graph.in_degree(target.dtype());
  if (options_.aggr == Aggregation::sum) return ops::add(ops::multiply(target, degree), sources);
  return ops::add(ops::multiply(target, ops::step(degree)), ops::divide_by_degree(graph, sources));
}

}  // namespace halograph::nn
