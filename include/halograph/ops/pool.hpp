// SPDX-License-Identifier: BSD-3-Clause
// Differentiable operations between the nodes of a graph that holds several (a batch) and one row for each of them:
// readout, norms over graphs, global states. What belongs to graphs is replicated, [n_graphs, c]; a graph's nodes may
// lie in any patches on any ranks. graph_sum and gather_graph are transposes of each other. Sums run per patch in row
// order and along the tree of patches, so a graph without nodes has 0. All but gather_graph are collective, and so is
// its derivative.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::ops {

/// nodes [n_nodes, c] -> [n_graphs, c]. Collective.
Tensor graph_sum(const Batch& batch, const Tensor& nodes);
/// The sum over the nodes of a graph divided by their number; 0 without nodes. Collective.
Tensor graph_mean(const Batch& batch, const Tensor& nodes);
/// The largest value of each column, 0 without nodes; a NaN is larger than any number. The gradient goes to the first
/// node that has it, in the order of global rows. Collective.
Tensor graph_max(const Batch& batch, const Tensor& nodes);

/// [n_graphs, c] -> nodes: the row of each node's graph.
Tensor gather_graph(const Batch& batch, const Tensor& graphs);

/// nodes: exp(x - m) / (the sum of these over the graph + 1e-16) for each column, m the largest of the graph, which is
/// held constant. Collective.
Tensor graph_softmax(const Batch& batch, const Tensor& nodes);

}  // namespace halograph::ops
