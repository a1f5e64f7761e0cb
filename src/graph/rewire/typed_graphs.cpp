// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/typed_graphs.hpp>

#include <string>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

std::string problem_of(const Graph& graph, const std::vector<std::int32_t>& edge_type, std::int64_t n_types) {
  if (std::int64_t(edge_type.size()) != graph.n_edges())
    return cat("typed_graphs: ", edge_type.size(), " types for ", graph.n_edges(), " edges");
  for (const std::int32_t type : edge_type)
    if (type < 0 || type >= n_types) return cat("typed_graphs: edge type ", type, " is not in 0..", n_types - 1);
  return {};
}

}  // namespace

std::vector<Subgraph> typed_graphs(const Graph& graph, const std::vector<std::int32_t>& edge_type,
                                   std::int64_t n_types) {
  const std::int64_t least = graph.comm().min(n_types), most = graph.comm().max(n_types);
  require(least == most && least > 0, "typed_graphs: the ranks name between ", least, " and ", most, " types");
  agree<UsageError>(graph.comm(), problem_of(graph, edge_type, n_types));
  std::vector<Subgraph> graphs;
  std::vector<char> keep(edge_type.size());
  for (std::int64_t type = 0; type < n_types; ++type) {
    for (std::size_t e = 0; e < keep.size(); ++e) keep[e] = edge_type[e] == type ? 1 : 0;
    graphs.push_back(subgraph(graph, keep));
  }
  return graphs;
}

}  // namespace halograph
