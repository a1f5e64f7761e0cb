// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/normalised_adjacency.hpp>

#include <halograph/core/error.hpp>
#include <halograph/graph/rewire/self_loops.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {

Tensor inverse_root(const Tensor& degree) {
  const Tensor there = ops::step(ops::absolute(degree.detach()));
  return ops::divide(there, ops::square_root(ops::add(degree, ops::scale_shift(there, -1, 1))));
}

void require_degrees(const std::string& layer, const Graph& graph, const Tensor& degree) {
  // One number over all ranks and from the device, where the degrees are many.
  if (!(ops::max_rows(ops::negate(degree.detach())).item() > 0)) return;
  const std::vector<double> values = degree.to_vector<double>();
  std::string error;
  for (std::size_t r = 0; r < values.size() && error.empty(); ++r)
    if (values[r] < 0)
      error = cat(layer, ": node ", graph.node_id()[r], " has degree ", values[r],
                  ", the sum of its edge weights; it divides by the root of degrees, which are not negative");
  agree<UsageError>(graph.comm(), error);
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
  if (!options.normalize) return;
  const Tensor degree = ops::segment_sum(graph_, weight_);
  if (edge_weight.defined() || options.fill_value < 0) require_degrees(options.layer, graph_, degree);
  inverse_root_ = inverse_root(degree);
}

Tensor NormalisedAdjacency::operator()(const Tensor& x) const {
  if (!inverse_root_.defined()) return ops::weighted_sum(graph_, x, weight_);
  return ops::multiply(ops::weighted_sum(graph_, ops::multiply(x, inverse_root_), weight_), inverse_root_);
}

}  // namespace halograph::nn
