// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/self_loops.hpp>

#include <halograph/graph/rewire/edge_list.hpp>

#include "graph/dist/row_patch.hpp"

namespace halograph {
namespace {

enum class Form : std::uint8_t { remove, add, replace, remaining };

/// The edges that stay and their new loops, and which of both each is of.
struct Change {
  EdgeList list;
  std::vector<std::int32_t> edge, node;  ///< of each listed edge the given one or -1; the node that it is new to or -1
};

void keep(Change& change, const EdgeList& given, std::size_t e) {
  change.list.target_row.push_back(given.target_row[e]);
  change.list.source_id.push_back(given.source_id[e]);
  change.list.source_patch.push_back(given.source_patch[e]);
  change.list.edge_id.push_back(given.edge_id[e]);
  change.edge.push_back(std::int32_t(e));
  change.node.push_back(-1);
}

Change changed(const Graph& graph, Form form) {
  const EdgeList given = edge_list(graph);
  const std::size_t m = given.target_row.size(), n = std::size_t(graph.n_nodes());
  Change change;
  std::vector<std::int64_t> last_loop(n, -1);
  for (std::size_t e = 0; e < m; ++e) {
    const std::size_t target = std::size_t(given.target_row[e]);
    if (given.source_id[e] != graph.node_id()[target]) keep(change, given, e);
    else if (form == Form::add) keep(change, given, e);
    else last_loop[target] = std::int64_t(e);
  }
  if (form == Form::remove) return change;
  const std::vector<std::int32_t> patch = patch_of_rows(*graph.nodes());
  for (std::size_t row = 0; row < n; ++row) {
    if (form == Form::remaining && last_loop[row] >= 0) {
      keep(change, given, std::size_t(last_loop[row]));
      continue;
    }
    change.list.target_row.push_back(std::int32_t(row));
    change.list.source_id.push_back(graph.node_id()[row]);
    change.list.source_patch.push_back(patch[row]);
    change.list.edge_id.push_back(std::int64_t(m));  // behind those of the node that stay
    change.edge.push_back(-1);
    change.node.push_back(std::int32_t(row));
  }
  return change;
}

SelfLoops make(const Graph& graph, Form form) {
  const Change change = changed(graph, form);
  const auto [result, edge_row] = with_edges(graph, change.list);
  std::vector<std::int32_t> edges(std::size_t(graph.n_edges()), -1), loops(std::size_t(graph.n_nodes()), -1);
  for (std::size_t e = 0; e < edge_row.size(); ++e) {
    if (change.edge[e] >= 0) edges[std::size_t(change.edge[e])] = edge_row[e];
    if (change.node[e] >= 0) loops[std::size_t(change.node[e])] = edge_row[e];
  }
  return {result, edge_map(graph.edges(), result.edges(), edges, graph.device()),
          edge_map(graph.nodes(), result.edges(), loops, graph.device())};
}

SelfLoops cached(const Graph& graph, Form form) {
  return graph.cached<SelfLoops>(form, [&] { return make(graph, form); });
}

}  // namespace

SelfLoops remove_self_loops(const Graph& graph) { return cached(graph, Form::remove); }
SelfLoops add_self_loops(const Graph& graph) { return cached(graph, Form::add); }
SelfLoops replace_self_loops(const Graph& graph) { return cached(graph, Form::replace); }
SelfLoops add_remaining_self_loops(const Graph& graph) { return cached(graph, Form::remaining); }

}  // namespace halograph
