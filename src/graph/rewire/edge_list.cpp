// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/edge_list.hpp>

#include <limits>
#include <string>

#include "graph/dist/row_patch.hpp"
#include "graph/setup/assembly.hpp"

namespace halograph {
namespace {

std::string problem_of(const Graph& graph, const EdgeList& edges) {
  const std::size_t m = edges.target_row.size();
  if (edges.source_id.size() != m || edges.source_patch.size() != m || edges.edge_id.size() != m)
    return cat("with_edges: ", m, " targets, ", edges.source_id.size(), " sources, ", edges.source_patch.size(),
               " patches and ", edges.edge_id.size(), " edge ids");
  if (m > std::size_t(std::numeric_limits<std::int32_t>::max()))
    return cat("with_edges: ", m, " edges on a rank, more than 2^31 - 1: use more ranks");
  const std::int64_t patches = graph.nodes()->tree()->n_patches();
  for (std::size_t e = 0; e < m; ++e) {
    if (edges.target_row[e] < 0 || edges.target_row[e] >= graph.n_nodes())
      return cat("with_edges: target row ", edges.target_row[e], " is not in 0..", graph.n_nodes() - 1);
    if (edges.source_id[e] < 0 || edges.source_patch[e] < 0 || edges.source_patch[e] >= patches)
      return cat("with_edges: source node ", edges.source_id[e], " in patch ", edges.source_patch[e], " of ", patches);
  }
  return {};
}

}  // namespace

Rewired with_edges(const Graph& graph, const EdgeList& edges, bool coalesce) {
  agree<UsageError>(graph.comm(), problem_of(graph, edges));
  Assembly assembly(graph.nodes()->tree());
  std::vector<EdgeRecord> records;
  records.reserve(edges.target_row.size());
  for (std::size_t e = 0; e < edges.target_row.size(); ++e)
    records.push_back({graph.node_id()[std::size_t(edges.target_row[e])], edges.source_id[e], edges.edge_id[e],
                       edges.source_patch[e]});
  std::vector<std::int32_t> rows = assembly.place_on(graph, records, edges.target_row, coalesce);
  return {assembly.finish(graph.device(), graph.nodes()), std::move(rows)};
}

EdgeList edge_list(const Graph& graph) {
  const std::int64_t n = graph.n_nodes();
  const std::vector<std::int32_t> patch = patch_of_rows(*graph.nodes());
  // Patch numbers are below 2^24, exact as numbers.
  const Tensor own =
      Tensor::from(std::vector<double>(patch.begin(), patch.end()), n, 1, DType::f64, graph.nodes(), graph.device());
  const std::vector<double> ghost_patch = graph.exchange()->start(own, graph.ghosts()).to_vector<double>();
  EdgeList list;
  list.target_row = graph.target_row().to_vector();
  std::int64_t e = 0;
  for (const std::int32_t row : graph.source_row().to_vector()) {
    const std::size_t at = std::size_t(row < n ? row : row - n);
    list.source_id.push_back(row < n ? graph.node_id()[at] : graph.ghost_id()[at]);
    list.source_patch.push_back(row < n ? patch[at] : std::int32_t(ghost_patch[at]));
    list.edge_id.push_back(e++);
  }
  return list;
}

}  // namespace halograph
