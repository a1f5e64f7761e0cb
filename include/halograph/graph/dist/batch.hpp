// SPDX-License-Identifier: BSD-3-Clause
// Tells which small graph each node belongs to, where one graph holds the nodes of several: PyTorch Geometric's
// `batch`. The graphs of a batch may lie in one patch or in many, on one rank or on several. The caller sees to the
// edges inside each. Sums over the nodes of a graph are replicated, [n_graphs, c].
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

/// A handle: copies share everything.
class Batch {
 public:
  /// `graph_of_row` [n_nodes]: for each local row of `nodes` a number in 0..n_graphs-1; graphs without nodes are
  /// allowed. Throws UsageError on all ranks alike if numbers are out of range or the ranks name different n_graphs.
  /// Collective.
  Batch(RowSpacePtr nodes, const std::vector<std::int32_t>& graph_of_row, std::int64_t n_graphs,
        Device device = Device::preferred());
  /// All nodes are one graph. Collective.
  explicit Batch(const Graph& graph);

  const RowSpacePtr& nodes() const { return nodes_; }
  std::int64_t n_graphs() const { return n_graphs_; }
  /// [n_nodes]
  const Index& graph_of_row() const { return graph_of_row_; }
  /// Nodes of each graph over all ranks.
  const std::vector<std::int64_t>& sizes() const { return *sizes_; }
  /// The same as a replicated [n_graphs, 1] tensor, at least 1: what means divide by.
  Tensor divisor(DType dtype) const;

 private:
  RowSpacePtr nodes_;
  std::int64_t n_graphs_ = 0;
  Index graph_of_row_;
  std::shared_ptr<const std::vector<std::int64_t>> sizes_;
};

}  // namespace halograph
