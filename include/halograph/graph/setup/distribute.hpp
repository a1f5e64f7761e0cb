// SPDX-License-Identifier: BSD-3-Clause
// Distributes slabs over the ranks as a Graph. No rank gathers the graph: nodes are found through a directory spread
// over the ranks, and rows travel straight from slab to owner. For what a solver has distributed already see
// solver_graph.hpp.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/dist/migration.hpp>
#include <halograph/graph/slab/partition.hpp>

namespace halograph {

/// A graph with the ways of its rows. `slab.patch` decides the patches; a Partitioner
/// (partition.hpp) fills it.
struct DistributedGraph {
  Graph graph;
  Migration nodes;  ///< from the slab's node order
  Migration edges;  ///< from the slab's edge order

  operator const Graph&() const { return graph; }
};

/// Distributes a partitioned slab: patches become contiguous runs balanced by the slab's weights.
/// Errors on all ranks alike: duplicate node ids, edges to unknown nodes, edges equal in target,
/// source and id, patch numbers out of range, more than 2^31 - 1 rows or edges on one rank.
/// Collective.
DistributedGraph distribute(const Communicator& comm, const GraphSlab& slab, Device device = Device::preferred());

/// Cuts the slab into patches first. Collective.
DistributedGraph distribute(const Communicator& comm, GraphSlab slab, const Partitioner& partitioner,
                            Device device = Device::preferred());

}  // namespace halograph
