// SPDX-License-Identifier: BSD-3-Clause
// The local topology of a graph out of the records that reached the owner of its rows. Records
// arrive in any order; rows come out in the one order that the graph and its patches define.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/dist/migration.hpp>

#include "graph/routing/id_map.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {

struct NodeRecord {
  std::int64_t id;
  std::int32_t patch;
};

struct EdgeRecord {
  std::int64_t target, source, id;
  std::int32_t source_patch;
};

/// The nodes of a rank in row order.
struct LocalNodes {
  std::vector<std::int64_t> id;      ///< [n]
  std::vector<std::int64_t> offset;  ///< [n_local_patches + 1]
  IdMap row;
};

/// Local rows of the ends of edges as they came; source -1: in another patch.
struct EdgeEnds {
  std::vector<std::int32_t> source, target;
};

/// The rows of nodes and edges as they came; -1 where an edge was dropped.
struct Placement {
  Routes nodes, edges;
};

class Assembly {
 public:
  explicit Assembly(std::shared_ptr<const TreeSum> tree) : tree_(std::move(tree)) {}

  /// Takes the nodes of this rank, all different, and their in-edges. `coalesce` drops self-loops and all but one of
  /// the edges between two nodes. Without it, two edges with equal ends and ids are a UsageError. Collective.
  Placement place(Arrivals<NodeRecord> nodes, Arrivals<EdgeRecord> edges, bool coalesce);

  /// Takes the nodes of a graph in their rows and their in-edges, `target` row by row, instead of place(). Returns the
  /// row of each edge, -1 where it was dropped. A source that is not where it is said to be is a UsageError too.
  /// Collective.
  std::vector<std::int32_t> place_on(const Graph& graph, std::span<const EdgeRecord> edges,
                                     std::span<const std::int32_t> target, bool coalesce);

  const LocalNodes& nodes() const { return nodes_; }

  /// The graph, and the topology gone; with `nodes` its rows are those. Collective.
  Graph finish(Device device, RowSpacePtr nodes = nullptr);

 private:
  std::vector<std::int32_t> place_nodes(std::span<const NodeRecord> nodes);
  bool in_patch(std::int32_t row, std::int32_t patch) const;
  EdgeEnds find_ends(std::span<const EdgeRecord> edges) const;
  std::vector<std::int32_t> facing_patches(std::span<const EdgeRecord> edges, const EdgeEnds& ends) const;
  std::vector<std::int32_t> order_rows(std::span<const EdgeRecord> edges, EdgeEnds& ends);
  std::vector<std::int32_t> place_edges(std::span<const EdgeRecord> edges, const EdgeEnds& ends, bool coalesce);
  void find_sources(std::span<const EdgeRecord> edges, const EdgeEnds& ends, std::span<const std::int32_t> order);

  std::shared_ptr<const TreeSum> tree_;
  LocalNodes nodes_;
  LocalTopology topology_;
  std::vector<std::int32_t> ghost_patch_;  ///< [n_ghosts] patch that the node belongs to
};

}  // namespace halograph
