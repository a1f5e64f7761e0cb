// SPDX-License-Identifier: BSD-3-Clause
// Differentiable operations between the nodes, edges and ghosts of a graph: what message passing
// is made of. gather_target and segment_sum, halo and halo_adjoint, gather_source and the pair
// source_sum / ghost_sum are transposes of each other. halo and halo_adjoint communicate; all ranks
// must run the same ones in the same order.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::ops {

/// nodes [n_nodes, c] -> ghosts [n_ghosts, c]: the values of sources that stand in other patches.
/// The result is under way until it is first read; work in between overlaps. Collective.
Tensor halo(const Graph& graph, const Tensor& nodes);

/// ghosts -> nodes: every node's sum over its ghosts in patch order, 0 without any. Collective.
Tensor halo_adjoint(const Graph& graph, const Tensor& ghosts);

/// edges: the value of each edge's target.
Tensor gather_target(const Graph& graph, const Tensor& nodes);

/// edges: the value of each edge's source, from the nodes or, across patches, from the ghosts.
Tensor gather_source(const Graph& graph, const Tensor& nodes, const Tensor& ghosts);

/// gather_source(graph, nodes, halo(graph, nodes)). Collective.
Tensor gather_source(const Graph& graph, const Tensor& nodes);

/// nodes: the sum over in-edges, in edge order; 0 without any.
Tensor segment_sum(const Graph& graph, const Tensor& edges);
/// nodes: sums over in-edges divided by their number, 0 where there are none: what makes means of them.
Tensor divide_by_degree(const Graph& graph, const Tensor& sums);
/// The mean over in-edges; 0 without any.
Tensor segment_mean(const Graph& graph, const Tensor& edges);
/// The largest (smallest) value of each column over in-edges; 0 without any. The gradient goes to
/// the first edge that has it.
Tensor segment_max(const Graph& graph, const Tensor& edges);
Tensor segment_min(const Graph& graph, const Tensor& edges);

/// nodes: the sum over out-edges whose target is in the same patch.
Tensor source_sum(const Graph& graph, const Tensor& edges);
/// ghosts: the sum over the out-edges of each ghost.
Tensor ghost_sum(const Graph& graph, const Tensor& edges);

/// edges: activation(target[t] + source[s] + e W^T): the first layer of an edge MLP on
/// [x_target, x_source, e] with the node parts multiplied once per node. `source` comes with its
/// halo, and rows that need no ghost are computed while it is under way.
Tensor edge_linear(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                   const Tensor& edges, const Tensor& weight, Activation activation = Activation::identity);

}  // namespace halograph::ops
