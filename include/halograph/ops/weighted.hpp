// SPDX-License-Identifier: BSD-3-Clause
// Differentiable products of node rows with weights of edges, summed where they arrive: the sparse product that
// graph convolutions share. Messages are never written: memory is that of nodes and weights. Weights have h columns and
// node rows c, a multiple of h: column k of a row goes with weight k / (c / h), so h = 1 is a number for each edge, h =
// c one for each edge and channel, and in between stand attention heads. weighted_sum, weighted_source_sum with
// weighted_ghost_sum, and edge_dot are closed under differentiation.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// nodes: y_i = sum over in-edges e = (j -> i), in edge order, of weight_e * x_j; x_j from the nodes or, across
/// patches, from the ghosts. 0 without in-edges.
Tensor weighted_sum(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight);
/// weighted_sum(graph, nodes, halo(graph, nodes), weight). Collective.
Tensor weighted_sum(const Graph& graph, const Tensor& nodes, const Tensor& weight);
/// The same with all weights 1. Collective.
Tensor neighbour_sum(const Graph& graph, const Tensor& nodes);

/// nodes: the sum over out-edges e = (i -> t) whose target is in the same patch of weight_e * target_t.
Tensor weighted_source_sum(const Graph& graph, const Tensor& target, const Tensor& weight);
/// ghosts: the same over the out-edges of each ghost.
Tensor weighted_ghost_sum(const Graph& graph, const Tensor& target, const Tensor& weight);

/// edges [n_edges, heads]: for each e = (j -> i) and head the sum of x_j * target_i over the columns of the head.
Tensor edge_dot(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& target,
                std::int64_t heads);

}  // namespace halograph::ops
