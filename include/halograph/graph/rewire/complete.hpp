// SPDX-License-Identifier: BSD-3-Clause
// Joins every node of a small graph to every other, for all graphs of a batch at once: the edges of interaction
// networks (Battaglia et al., "Interaction networks for learning about objects, relations and physics", 2016).
#pragma once

#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

/// The nodes of `graph` with an edge for each ordered pair of different nodes of one graph of the batch, and with
/// `self` a loop for each node; the edges of `graph` play no part. Each rank has the edges into its nodes: memory is
/// the number of its nodes times the size of their graphs. Throws UsageError on all ranks if the batch belongs to other
/// nodes. Collective: the nodes of each graph meet on one rank, which passes all of them to each rank that has some, 16
/// bytes a node; then the set-up of a plan.
Graph complete_graph(const Graph& graph, const Batch& batch, bool self = false);

}  // namespace halograph
