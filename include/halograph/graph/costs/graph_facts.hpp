// SPDX-License-Identifier: BSD-3-Clause
// Finds out what a graph is like before anybody trains on it: whether its nodes are connected, and whether nodes lie
// in one place without an edge between their parts, as in meshes of several blocks. Works on slabs; no rank gathers
// the graph. The numbers are the same on any number of ranks.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

struct GraphFacts {
  std::int64_t nodes = 0, edges = 0;
  std::int64_t components = 0;         ///< sets of nodes that edges connect, whatever their direction
  std::int64_t largest_component = 0;  ///< nodes of the largest one
  std::int64_t isolated = 0;           ///< components of a single node
  std::int64_t first_isolated = -1;    ///< the lowest id of those nodes; -1: there are none
  std::int64_t self_loops = 0;
  std::int64_t repeated_edges = 0;  ///< edges with the ends and the direction of another one, that one not counted
  std::int64_t one_way_edges = 0;   ///< pairs (source, target) without the opposite one, self-loops left out
  bool has_positions = false;
  /// Positions closer than this are one place: a hundredth of the shortest edge; 0 without edges, then only equal
  /// positions are. Periods count.
  double tolerance = 0;
  std::int64_t coincident = 0;    ///< nodes that lie exactly where a node with a lower id does
  std::int64_t close = 0;         ///< other nodes within the tolerance of a node with a lower id
  std::int64_t apart = 0;         ///< nodes of both kinds whose component is not that of such a node
  std::int64_t first_apart = -1;  ///< the lowest id of those nodes; -1: there are none
};

/// The facts of the whole graph, on all ranks. Up to 200 bytes a node and 100 bytes an edge of the slab. Edges to nodes
/// that no slab holds, and node ids that occur twice, are a UsageError on all ranks. Collective.
GraphFacts graph_facts(const Communicator& comm, const GraphSlab& slab);

/// The facts in one line for people; what is as usual is left out.
std::string describe(const GraphFacts& facts);

}  // namespace halograph
