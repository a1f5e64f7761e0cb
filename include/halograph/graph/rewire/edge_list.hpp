// SPDX-License-Identifier: BSD-3-Clause
// Gives the nodes of a graph other edges. Neighbour search, self-loops and the like are built on this. Node rows,
// their patches and their owners stay, so tensors over the nodes of one graph fit the other. Edges, ghosts and the
// exchange plan are made anew, as in distribute().
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/dist/graph.hpp>

namespace halograph {

/// In-edges of this rank's nodes, in any order.
struct EdgeList {
  std::vector<std::int32_t> target_row;    ///< [m] local node rows
  std::vector<std::int64_t> source_id;     ///< [m] global node ids
  std::vector<std::int32_t> source_patch;  ///< [m] the patch that the source lies in
  std::vector<std::int64_t> edge_id;       ///< [m] orders edges between the same two nodes; different among these
};

struct Rewired {
  Graph graph;
  std::vector<std::int32_t> edge_row;  ///< [m] the row of each listed edge in the new graph; -1 if it was dropped
};

/// The nodes of `graph` under other edges. With `coalesce` self-loops and all but one of the edges between two nodes
/// are dropped; without, two edges equal in target, source and id are a UsageError on all ranks, as are rows out of
/// range and sources that are not where they are said to be. Collective.
Rewired with_edges(const Graph& graph, const EdgeList& edges, bool coalesce = false);

/// The edges that a graph has, in their order; ids are their local rows. Collective.
EdgeList edge_list(const Graph& graph);

}  // namespace halograph
