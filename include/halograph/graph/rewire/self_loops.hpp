// SPDX-License-Identifier: BSD-3-Clause
// Adds self-loops to a graph or removes them, on the same nodes. A graph makes each form once and keeps it, so
// layers may ask in every forward pass. The first call is collective (one halo exchange and the set-up of a plan);
// later ones are free. Edges keep their order; a new loop of a node stands behind the loops that it has.
#pragma once

#include <halograph/graph/dist/edge_map.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct SelfLoops {
  Graph graph;    ///< the nodes of the given graph under the new edges
  EdgeMap edges;  ///< given edges -> edges
  EdgeMap loops;  ///< nodes -> edges: the loop of each node that no given edge became, if there is one
};

/// All loops out. Collective on the first call.
SelfLoops remove_self_loops(const Graph& graph);
/// One loop more for each node; those that exist stay. Collective on the first call.
SelfLoops add_self_loops(const Graph& graph);
/// All loops out, then one new loop for each node: what attention layers do. Collective on the first call.
SelfLoops replace_self_loops(const Graph& graph);
/// One loop for each node: the last one of those that it has, else a new one: what GCN does. Collective on the first
/// call.
SelfLoops add_remaining_self_loops(const Graph& graph);

}  // namespace halograph
