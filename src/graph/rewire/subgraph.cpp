// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/subgraph.hpp>

#include <halograph/graph/rewire/edge_list.hpp>

namespace halograph {
namespace {

Subgraph kept_edges(const Graph& graph, const EdgeList& given, const std::vector<char>& keep) {
  EdgeList list;
  std::vector<std::size_t> edge;
  for (std::size_t e = 0; e < keep.size(); ++e) {
    if (keep[e] == 0) continue;
    list.target_row.push_back(given.target_row[e]);
    list.source_id.push_back(given.source_id[e]);
    list.source_patch.push_back(given.source_patch[e]);
    list.edge_id.push_back(given.edge_id[e]);
    edge.push_back(e);
  }
  const auto [result, edge_row] = with_edges(graph, list);
  std::vector<std::int32_t> to(keep.size(), -1);
  for (std::size_t i = 0; i < edge.size(); ++i) to[edge[i]] = edge_row[i];
  return {result, edge_map(graph.edges(), result.edges(), to, graph.device())};
}

}  // namespace

Subgraph subgraph(const Graph& graph, const std::vector<char>& keep) {
  require_all<UsageError>(graph.comm(), std::int64_t(keep.size()) == graph.n_edges(), "subgraph: ", keep.size(),
                          " entries to keep or drop ", graph.n_edges(), " edges");
  return kept_edges(graph, edge_list(graph), keep);
}

Subgraph coalesce(const Graph& graph) {
  const EdgeList given = edge_list(graph);
  std::vector<char> keep(given.target_row.size(), 1);
  for (std::size_t e = 1; e < keep.size(); ++e)
    keep[e] = given.target_row[e] != given.target_row[e - 1] || given.source_id[e] != given.source_id[e - 1];
  return kept_edges(graph, given, keep);
}

}  // namespace halograph
