// SPDX-License-Identifier: BSD-3-Clause
// One step of message passing without a network on the edges: what a node's sources send, times the weights of the
// edges, aggregated. Sums and means never write the messages and can send whichever side of a linear layer is narrower;
// the other aggregators need the messages in memory, [n_edges, c].
#pragma once

#include <span>

#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

/// nodes [n_nodes, c]: the aggregate over in-edges (j -> i) of weight_ji * x_j; `weight` [n_edges, 1], undefined: 1.
/// Collective.
Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, ops::Aggregation aggregation);
/// Several aggregates side by side: [n_nodes, list.size() * c]. Collective.
Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, std::span<const ops::Aggregation> list);

/// layer(propagate(graph, x, weight, list)); with a single sum or mean and fewer outputs than inputs the layer comes
/// first. Collective.
Tensor propagate_through(const Graph& graph, const Tensor& x, const Tensor& weight,
                         std::span<const ops::Aggregation> list, const Linear& layer);

}  // namespace halograph::nn
