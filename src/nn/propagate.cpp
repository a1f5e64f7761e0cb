// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/propagate.hpp>

#include <algorithm>

#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

using ops::Aggregation;

bool needs_no_messages(Aggregation aggregation) {
  return aggregation == Aggregation::sum || aggregation == Aggregation::mean;
}

Tensor of_sum(const Graph& graph, const Tensor& sum, Aggregation aggregation) {
  return aggregation == Aggregation::mean ? ops::divide_by_degree(graph, sum) : sum;
}

Tensor weighted(const Graph& graph, const Tensor& x, const Tensor& weight) {
  return weight.defined() ? ops::weighted_sum(graph, x, weight) : ops::neighbour_sum(graph, x);
}

}  // namespace

Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, Aggregation aggregation) {
  return propagate(graph, x, weight, std::span(&aggregation, 1));
}

Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, std::span<const Aggregation> list) {
  if (std::all_of(list.begin(), list.end(), needs_no_messages)) {
    const Tensor sum = weighted(graph, x, weight);
    if (list.size() == 1) return of_sum(graph, sum, list[0]);
    std::vector<Tensor> parts;
    for (const Aggregation aggregation : list) parts.push_back(of_sum(graph, sum, aggregation));
    return ops::concatenate(parts);
  }
  Tensor messages = ops::gather_source(graph, x);
  if (weight.defined()) messages = ops::multiply(messages, weight);
  return ops::aggregate(graph, messages, list);
}

Tensor propagate_through(const Graph& graph, const Tensor& x, const Tensor& weight, std::span<const Aggregation> list,
                         const Linear& layer) {
  const bool layer_first = list.size() == 1 && needs_no_messages(list[0]) && layer.weight.rows() < layer.weight.cols();
  if (!layer_first) return layer(propagate(graph, x, weight, list));
  const Tensor y = propagate(graph, ops::linear(x, layer.weight), weight, list);
  return layer.bias.defined() ? ops::add(y, layer.bias) : y;
}

}  // namespace halograph::nn
