// SPDX-License-Identifier: BSD-3-Clause
// Builds a Graph on the partition that a solver already has, with its duplicated interface nodes or halo nodes, and
// maps the solver's arrays to the graph's rows and back. Nodes stay where they are; edges go to the owner of their
// target.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <halograph/graph/dist/graph.hpp>

namespace halograph {

/// What a solver holds on one rank. Local nodes may include copies: nodes that other ranks hold too
/// (halo nodes, points on element interfaces), and nodes that occur several times on this rank (once
/// for each element).
struct SolverPartition {
  std::span<const std::int64_t> node_id = {};      ///< [n] global ids of all local nodes, copies included
  std::span<const int> owner = {};                 ///< [n] owning rank of each, or empty: the lowest rank that lists it
  std::span<const std::int32_t> edge_source = {};  ///< [m] local node numbers
  std::span<const std::int32_t> edge_target = {};  ///< [m]
  std::span<const std::int64_t> edge_id = {};      ///< [m] global ids, or empty where coalesce is set
  /// [n] patch of each node, or empty: one patch per rank. The patches of rank r come before those
  /// of rank r + 1, and a node's patch lies on its owner.
  std::span<const std::int32_t> patch = {};
  std::int64_t n_patches = 0;  ///< over all ranks, with `patch`
  /// Edges that several ranks or elements list count once, and self-loops go. Needed where elements
  /// share edges.
  bool coalesce = true;
  /// [n, dimension] where each node is, or empty: for networks that see offsets and lengths of edges. Of copies that
  /// differ, say on two sides of a period, that of the row counts: see from_local().
  std::span<const double> position = {};
  int dimension = 3;
  std::array<double, 3> period{};  ///< length of the domain along each axis; 0: not periodic
};

/// Where the rows of a graph are.
struct Positions {
  std::vector<double> values;  ///< [n_nodes, dimension]
  int dimension = 0;           ///< 0: not known
  std::array<double, 3> period{};
};

/// A graph on the solver's own partition, and the maps between the solver's local nodes and the
/// graph's rows. Copies share the graph.
class SolverGraph {
 public:
  /// `local_of_row`: a local node for each row. `copies`: fills the local nodes from the rows.
  /// Users call from_partition().
  SolverGraph(Graph graph, Index local_of_row, std::shared_ptr<Exchange> copies,
              std::vector<std::int32_t> multiplicity);
  SolverGraph(const SolverGraph& other, Positions positions);

  const Graph& graph() const { return graph_; }
  std::int64_t n_local() const { return std::int64_t(multiplicity_.size()); }

  /// [n_local, c] in the solver's order, on the host or the graph's device -> [n_nodes, c]
  /// partitioned: the owner's own values, of the first copy where it has several.
  Tensor from_local(const Tensor& local) const;
  /// The same as a view on the solver's memory. Undefined where the owned nodes are not the first local ones in the
  /// order of the rows, or the memory is not on the graph's device.
  Tensor view_of_local(const Tensor& local) const;
  /// Whether local nodes and rows are one list on this rank: no copies, and the same order.
  bool local_is_rows() const { return leading_ && n_local() == graph_.n_nodes(); }
  /// [n_nodes, c] partitioned -> [n_local, c] in the solver's order, copies filled from their
  /// owners. Pending until first read. Collective.
  Tensor to_local(const Tensor& rows) const;
  /// [n_local] local nodes, over all ranks, that are copies of this node, itself included: the
  /// weights 1 / copies make a sum over all local nodes count each node once.
  const std::vector<std::int32_t>& copies() const { return multiplicity_; }
  const Positions& positions() const { return *positions_; }

 private:
  Graph graph_;
  Index local_of_row_;
  std::shared_ptr<Exchange> copies_;
  std::vector<std::int32_t> multiplicity_;
  bool leading_;  ///< row i is local node i
  std::shared_ptr<const Positions> positions_ = std::make_shared<const Positions>();
};

/// Errors on all ranks alike: local node numbers out of range, an owner that does not list the node,
/// ranks that disagree on an owner or a patch, patches that do not ascend with the ranks; without
/// coalesce, edges equal in target, source and id. Collective.
SolverGraph from_partition(const Communicator& comm, const SolverPartition& part, Device device = Device::preferred());

}  // namespace halograph
