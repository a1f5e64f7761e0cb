// SPDX-License-Identifier: BSD-3-Clause
// A directed graph distributed over ranks. Nodes are cut into patches, ranks own contiguous runs of
// patches. The owner of a node has all its in-edges, sorted by (source, edge) id. All numbers here
// follow from the graph and its patches, except which of them are local.
//
// Local node rows: patches in ascending order; inside a patch by the patch that a node faces, the one
// farthest in number from which it has an in-edge (the lower of two; its own if there is none), so that
// rows that wait for other ranks stand together; among equals breadth first along the edges inside the
// patch, taken both ways, so that neighbours have rows close by whatever their ids are. The search
// starts, and goes on where one node reaches several, in the order of (neighbours in the patch, id).
// Edges: by target row, then source id, then edge id. A *source row* is a node's row if source and
// target share a patch; otherwise n_nodes + the ghost (see exchange.hpp). Ghosts: by patch, then in
// the order in which the patch's edges first need them.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/exchange.hpp>
#include <halograph/graph/dist/index.hpp>
#include <halograph/graph/dist/row_space.hpp>

namespace halograph {

/// The local topology in host memory, as distribute() makes it and Graph takes it.
struct LocalTopology {
  std::vector<std::int64_t> node_id;       ///< [n_nodes] global ids in row order
  std::vector<std::int32_t> edge_offset;   ///< [n_nodes + 1] in-edges of each row
  std::vector<std::int32_t> source_row;    ///< [n_edges]
  std::vector<std::int64_t> ghost_id;      ///< [n_ghosts] global ids
  std::vector<std::int64_t> ghost_offset;  ///< [n_local_patches + 1]
  ExchangePlan plan;
};

/// A handle: copies, of which every recorded operation keeps one, share everything.
class Graph {
 public:
  /// Takes a finished topology over the rows `nodes`. Collective. Users call distribute() or from_partition(), and for
  /// other edges on the same nodes with_edges() and the builders.
  Graph(RowSpacePtr nodes, LocalTopology topology, Device device = Device::preferred());

  const Communicator& comm() const { return nodes_->comm(); }
  const RowSpacePtr& nodes() const { return nodes_; }
  const RowSpacePtr& edges() const { return edges_; }
  const RowSpacePtr& ghosts() const { return ghosts_; }
  std::int64_t n_nodes() const { return nodes_->local_rows(); }
  std::int64_t n_edges() const { return edges_->local_rows(); }
  std::int64_t n_ghosts() const { return ghosts_->local_rows(); }
  Device device() const { return device_; }

  /// Global ids of the local rows.
  const std::vector<std::int64_t>& node_id() const { return *node_id_; }
  const std::vector<std::int64_t>& ghost_id() const { return *ghost_id_; }

  /// [n_nodes + 1] first in-edge of each row.
  const Index& edge_offset() const { return edge_offset_; }
  /// [n_edges] target row of each edge.
  const Index& target_row() const { return target_row_; }
  /// [n_edges] source row of each edge: own rows, then ghosts.
  const Index& source_row() const { return source_row_; }
  /// Out-edges by source row, [n_nodes + n_ghosts + 1] and [n_edges], edges ascending: the transpose.
  const Index& out_offset() const { return out_offset_; }
  const Index& out_edge() const { return out_edge_; }

  /// Edge ranges [n, 2] whose rows need no other rank, and those that do.
  const Index& interior_blocks() const { return interior_blocks_; }
  const Index& boundary_blocks() const { return boundary_blocks_; }

  const std::shared_ptr<Exchange>& exchange() const { return exchange_; }

  /// In-degree as a [n_nodes, 1] tensor, cached.
  Tensor in_degree(DType dtype) const;

  /// Returns a value that follows from the topology alone. The first call for a key makes it; all handles share it from
  /// then on, and the reference holds as long as one of them lives. If make() throws, nothing is cached. `Key` is an
  /// enum or a struct with an order, of the caller's own, so that no two callers meet under one key. A value holds no
  /// handle of this graph, which would never be freed. The first call is collective if make() is: all ranks make it
  /// together. Not for several threads at a time.
  template <class Value, class Key, class Make>
  const Value& cached(const Key& key, Make&& make) const {
    static_assert(std::is_enum_v<Key> || std::is_class_v<Key>, "a key is of a type of the caller's own");
    using Values = std::map<Key, Value>;
    std::any& all = (*cache_)[typeid(Values)];
    Values& values = all.has_value() ? *std::any_cast<Values>(&all) : all.template emplace<Values>();
    const auto found = values.find(key);
    return found != values.end() ? found->second : values.emplace(key, make()).first->second;
  }

 private:
  Device device_;
  RowSpacePtr nodes_, edges_, ghosts_;
  std::shared_ptr<const std::vector<std::int64_t>> node_id_, ghost_id_;
  Index edge_offset_, target_row_, source_row_, out_offset_, out_edge_;
  Index interior_blocks_, boundary_blocks_;
  /// By the type of the values and their keys, a std::map<Key, Value>.
  std::shared_ptr<std::map<std::type_index, std::any>> cache_ = std::make_shared<std::map<std::type_index, std::any>>();
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace halograph
