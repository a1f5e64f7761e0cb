// SPDX-License-Identifier: BSD-3-Clause
// Joins a list of small graphs (molecules, events) into one distributed graph: what a step of training on a batch
// takes. Whole graphs lie in patches and patches on ranks, so no message crosses between ranks but for sums.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <halograph/graph/dist/kinds.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/dist/labels.hpp>

namespace halograph {

/// Values by name, row-major: as many columns as there are values a row, the same in all graphs of a list.
using NamedValues = std::map<std::string, std::vector<double>>;

struct SmallGraph {
  std::int64_t n_nodes = 0;
  std::vector<std::int32_t> source, target;  ///< [m] edges between nodes 0..n_nodes-1
  NamedValues nodes;                         ///< [n_nodes, c]; integers too, up to 2^53
  NamedValues edges;                         ///< [m, c]
  NamedValues whole;                         ///< [c], of the graph as a whole
};

struct SmallGraphOptions {
  /// Patches that the list is cut into, runs of whole graphs of about equal size. At most so many ranks have work; sums
  /// run along a tree over them, so another number gives other bits.
  std::int64_t patches = 32;
  Device device = Device::preferred();
};

/// The batch of a list of graphs. Values stand in local row order; tensors are made when asked for. Copies share
/// everything.
class GraphBatch {
 public:
  const Graph& graph() const { return graph_; }
  const Batch& batch() const { return batch_; }

  /// [n_nodes, c] over graph().nodes()
  Tensor nodes(const std::string& name, DType dtype) const;
  /// [n_edges, c] over graph().edges()
  Tensor edges(const std::string& name, DType dtype) const;
  /// [n_graphs, c], replicated, in the order of the list
  Tensor whole(const std::string& name, DType dtype) const;

  /// Nodes by an integer of theirs, 0..n_kinds-1: what nn::Embedding and models of atoms take. Collective.
  Kinds kinds(const std::string& name, std::int64_t n_kinds) const;
  /// Classes of nodes. Collective.
  Labels node_labels(const std::string& name, std::int64_t n_classes) const;
  /// Classes of whole graphs.
  Labels graph_labels(const std::string& name, std::int64_t n_classes) const;

 private:
  friend GraphBatch batch_graphs(const Communicator& comm, std::span<const SmallGraph> graphs,
                                 const SmallGraphOptions& options);
  struct Columns {
    std::int64_t cols = 0;
    std::vector<double> values;
  };
  using Table = std::map<std::string, Columns>;
  GraphBatch(Graph graph, Batch batch) : graph_(std::move(graph)), batch_(std::move(batch)) {}

  Graph graph_;
  Batch batch_;
  std::shared_ptr<const Table> nodes_, edges_, whole_;
};

/// All ranks give the same list; each keeps the rows of its own graphs. Global ids number the nodes and edges through
/// in the order of the list, so results are the same bits on any number of ranks. Errors on all ranks alike: an empty
/// list, ends of edges out of range, values that do not fill the rows or are not in every graph, lists that differ
/// between ranks. Collective.
GraphBatch batch_graphs(const Communicator& comm, std::span<const SmallGraph> graphs,
                        const SmallGraphOptions& options = {});

}  // namespace halograph
