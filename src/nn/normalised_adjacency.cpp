// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/normalised_adjacency.hpp>

#include <halograph/graph/self_loops.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {

Tensor inverse_root(const Tensor& degree) {
  const Tensor there = ops::step(ops::absolute(degree.detach()));
  return ops::divide(there, ops::square_root(ops::add(degree, ops::scale_shift(there, -1, 1))));
}

NormalisedAdjacency::NormalisedAdjacency(const Graph& graph, const Tensor& edge_weight, DType dtype,
                                         const AdjacencyOptions& options)
    : graph_(graph), weight_(edge_weight) {
  if (!weight_.defined()) weight_ = Tensor::full(graph.n_edges(), 1, 1, dtype, graph.edges(), graph.device());
  if (options.add_self_loops) {
    const SelfLoops loops = add_remaining_self_loops(graph);
    const Tensor fill = Tensor::full(graph.n_nodes(), 1, options.fill_value, dtype, graph.nodes(), graph.device());
    weight_ = ops::add(ops::carry_edges(loops.edges, weight_), ops::carry_edges(loops.loops, fill));
    graph_ = loops.graph;
  }
  if (options.normalize) inverse_root_ = inverse_root(ops::segment_sum(graph_, weight_));
}

Tensor NormalisedAdjacency::operator()(const Tensor& x) const {
  if (!inverse_root_.defined()) return ops::weighted_sum(graph_, x, weight_);
  return ops::multiply(ops::weighted_sum(graph_, ops::multiply(x, inverse_root_), weight_), inverse_root_);
}

}  // namespace halograph::nn
