// SPDX-License-Identifier: BSD-3-Clause
// Selects edges of a graph, on all of its nodes.
#pragma once

#include <vector>

#include <halograph/graph/dist/edge_map.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct Subgraph {
  Graph graph;    ///< the nodes of the given graph under the edges that stay, in their order
  EdgeMap edges;  ///< given edges -> edges
};

/// The edges whose entry of `keep` [n_edges] is not 0. Throws UsageError on all ranks if a rank passes the wrong
/// number. Collective: one halo exchange and the set-up of a plan.
Subgraph subgraph(const Graph& graph, const std::vector<char>& keep);

/// One edge, the first, of those between two nodes in a direction; loops stay. Collective as subgraph().
Subgraph coalesce(const Graph& graph);

}  // namespace halograph
