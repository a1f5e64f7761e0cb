// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/complete.hpp>

#include <map>
#include <set>

#include <halograph/graph/rewire/edge_list.hpp>

#include "graph/dist/row_patch.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

struct Member {
  std::int64_t id;
  std::int32_t patch, graph;
};

using Members = std::map<std::int32_t, std::vector<Member>>;  ///< by number of the graph

/// All nodes of each graph that has nodes on this rank. The nodes of a graph meet at the rank of its number, modulo the
/// ranks, which tells them to all that have some.
Members members_of(const Graph& graph, const std::vector<std::int32_t>& graph_of_row) {
  const Communicator& comm = graph.comm();
  const std::vector<std::int32_t> patch = patch_of_rows(*graph.nodes());
  const Routes routes = group_by_rank(graph.n_nodes(), comm.size(),
                                      [&](std::int64_t row) { return graph_of_row[std::size_t(row)] % comm.size(); });
  const auto arrivals = deliver<Member>(comm, routes, [&](std::int32_t row) {
    return Member{graph.node_id()[std::size_t(row)], patch[std::size_t(row)], graph_of_row[std::size_t(row)]};
  });
  Members here;
  for (const auto& [source, members] : arrivals)
    for (const Member& member : members) here[member.graph].push_back(member);
  std::vector<std::pair<int, std::vector<Member>>> answers;
  for (const auto& [source, members] : arrivals) {
    std::vector<Member>& answer = answers.emplace_back(source, std::vector<Member>()).second;
    std::set<std::int32_t> told;
    for (const Member& member : members) {
      if (!told.insert(member.graph).second) continue;
      answer.insert(answer.end(), here[member.graph].begin(), here[member.graph].end());
    }
  }
  Members result;
  for (const auto& [source, members] : sparse_exchange(comm, answers))
    for (const Member& member : members) result[member.graph].push_back(member);
  return result;
}

}  // namespace

Graph complete_graph(const Graph& graph, const Batch& batch, bool self) {
  require_all<UsageError>(graph.comm(), batch.nodes() == graph.nodes(), "complete_graph: the batch is of other nodes");
  const std::vector<std::int32_t> graph_of_row = batch.graph_of_row().to_vector();
  const Members members = members_of(graph, graph_of_row);
  EdgeList list;
  for (std::size_t row = 0; row < graph_of_row.size(); ++row)
    for (const Member& source : members.at(graph_of_row[row])) {
      if (!self && source.id == graph.node_id()[row]) continue;
      list.target_row.push_back(std::int32_t(row));
      list.source_id.push_back(source.id);
      list.source_patch.push_back(source.patch);
      list.edge_id.push_back(0);
    }
  return with_edges(graph, list).graph;
}

}  // namespace halograph
