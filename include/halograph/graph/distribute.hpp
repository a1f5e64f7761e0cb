// SPDX-License-Identifier: BSD-3-Clause
// From slabs, or from what a solver already holds, to a Graph. Nobody gathers the graph: nodes are
// found through a directory spread over the ranks, rows travel straight from slab to owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <halograph/graph/graph.hpp>
#include <halograph/graph/graph_slab.hpp>
#include <halograph/graph/migration.hpp>

namespace halograph {

/// A graph with the ways of its rows. `slab.patch` decides the patches; a Partitioner
/// (partition.hpp) fills it.
struct DistributedGraph {
  Graph graph;
  Migration nodes;  ///< from the slab's node order
  Migration edges;  ///< from the slab's edge order
};

/// Distributes a partitioned slab: patches become contiguous runs balanced by the slab's weights.
/// Errors on all ranks alike: duplicate node ids, edges to unknown nodes, patch numbers out of
/// range, more than 2^31 - 1 rows or edges on one rank. Collective.
DistributedGraph distribute(const Communicator& comm, const GraphSlab& slab, Device device = Device::preferred());

/// What a solver holds on one rank. Local nodes may include copies of nodes that others hold too
/// (halo nodes, or the points on element interfaces).
struct SolverPartition {
  std::span<const std::int64_t> node_id;      ///< [n] global ids of all local nodes, copies included
  std::span<const int> owner;                 ///< [n] owning rank of each, or empty: the lowest rank that lists it
  std::span<const std::int32_t> edge_source;  ///< [m] local node numbers
  std::span<const std::int32_t> edge_target;  ///< [m]
  std::span<const std::int64_t> edge_id;      ///< [m] global ids, or empty where coalesce is set
  /// [n] patch of each node, or empty: one patch per rank. The patches of rank r come before those
  /// of rank r + 1, and a node's patch lies on its owner.
  std::span<const std::int32_t> patch;
  std::int64_t n_patches = 0;  ///< over all ranks, with `patch`
  /// Edges that several ranks or elements list count once, and self-loops go. Needed where elements
  /// share edges.
  bool coalesce = true;
};

/// A graph on the solver's own partition, and the maps between the solver's local nodes and the
/// graph's rows.
class SolverGraph {
 public:
  SolverGraph(Graph graph, std::vector<std::int32_t> owned_local, std::vector<std::int32_t> owned_row,
              Migration copies, std::vector<std::int32_t> multiplicity);

  const Graph& graph() const { return graph_; }
  /// [n_local, c] in the solver's order -> [n_nodes, c] partitioned: the owner's own values.
  Tensor from_local(const Tensor& local) const;
  /// [n_nodes, c] partitioned -> [n_local, c] in the solver's order, copies filled from their
  /// owners. Collective.
  Tensor to_local(const Tensor& rows) const;
  /// [n_local] ranks that hold a copy of the node: 1 / copies weights a sum over local nodes so
  /// that each node counts once.
  const std::vector<std::int32_t>& copies() const { return multiplicity_; }

 private:
  Graph graph_;
  std::vector<std::int32_t> owned_local_, owned_row_;
  Migration copies_;
  std::vector<std::int32_t> multiplicity_;
};

/// Collective. Errors as distribute(), and: an owner that does not list the node, ranks that
/// disagree on an owner or a patch.
SolverGraph from_partition(const Communicator& comm, const SolverPartition& part, Device device = Device::preferred());

}  // namespace halograph
