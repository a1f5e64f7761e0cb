// SPDX-License-Identifier: BSD-3-Clause
// What the builders of neighbour graphs ask of their points.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

/// Nodes, their points and their graphs of a batch, looked at by one rank.
struct SearchInput {
  const Graph& nodes;
  const Tensor& points;
  const Batch* batch = nullptr;  ///< null: one graph

  std::int64_t n_groups() const { return batch ? batch->n_graphs() : 1; }
  std::vector<std::int32_t> groups() const {
    return batch ? batch->graph_of_row().to_vector() : std::vector<std::int32_t>();
  }
  std::vector<std::int64_t> sizes() const {
    return batch ? batch->sizes() : std::vector<std::int64_t>{nodes.nodes()->global_rows()};
  }
};

/// Throws UsageError on all ranks alike if the points do not belong to the nodes. Not collective.
inline void check_search(const char* name, const SearchInput& input) {
  const RowSpacePtr& rows = input.nodes.nodes();
  require(input.points.defined() && input.points.row_space() == rows && input.points.cols() >= 1, name,
          ": needs points [n_nodes, d] over the nodes of the graph, not ", input.points);
  require(!input.batch || input.batch->nodes() == rows, name, ": the batch belongs to other nodes");
}

/// The coordinates in host memory. Throws UsageError on all ranks if one is not finite. Collective.
template <class T>
std::vector<T> finite_points(const char* name, const SearchInput& input) {
  std::vector<T> points = input.points.to_vector<T>();
  std::string problem;
  for (std::size_t i = 0; i < points.size() && problem.empty(); ++i)
    if (!std::isfinite(points[i])) {
      const std::size_t cols = std::size_t(input.points.cols());
      problem = cat(name, ": coordinate ", i % cols, " of node ", input.nodes.node_id()[i / cols], " is ", points[i]);
    }
  agree<UsageError>(input.nodes.comm(), problem);
  return points;
}

}  // namespace halograph
