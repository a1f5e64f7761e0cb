// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/rewired_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <halograph/core/error.hpp>
#include <halograph/graph/setup/distribute.hpp>

namespace halograph::testing {

KnownGraph::KnownGraph(const Communicator& comm, std::uint64_t seed, std::int64_t nodes, std::int64_t edges,
                       std::int64_t patches)
    : whole(random_graph(seed, nodes, edges, patches)),
      graph(distribute(comm, slab_of(whole, comm.rank(), comm.size(), seed)).graph) {}

void for_known_graphs(const std::function<void(const KnownGraph&)>& check) {
  const Communicator comm(MPI_COMM_WORLD);
  struct Case {
    std::int64_t nodes, edges, patches;
  };
  std::uint64_t seed = 70;
  for (const auto& [nodes, edges, patches] :
       {Case{60, 300, 6}, {150, 1500, 13}, {40, 90, 1}, {30, 100, 2}, {25, 0, 5}, {1, 3, 4}, {0, 0, 3}, {12, 900, 4}}) {
    SCOPED_TRACE(cat("nodes ", nodes, " edges ", edges, " patches ", patches));
    check(KnownGraph(comm, ++seed, nodes, edges, patches));
  }
}

EdgeList list_of(const WholeGraph& whole, const Graph& graph, std::uint64_t seed) {
  std::map<std::int64_t, std::int32_t> row;
  for (std::size_t r = 0; r < graph.node_id().size(); ++r) row.emplace(graph.node_id()[r], std::int32_t(r));
  std::vector<WholeEdge> edges;
  for (const WholeEdge& edge : whole.edges)
    if (row.count(edge.target)) edges.push_back(edge);
  std::shuffle(edges.begin(), edges.end(), std::mt19937_64(seed));
  EdgeList list;
  for (const WholeEdge& edge : edges) {
    list.target_row.push_back(row.at(edge.target));
    list.source_id.push_back(edge.source);
    list.source_patch.push_back(whole.patch.at(edge.source));
    list.edge_id.push_back(edge.id);
  }
  return list;
}

std::vector<WholeEdge> local_edges(const WholeGraph& whole, const Graph& graph, const WholeGraph& rows) {
  const auto& first_patch = graph.nodes()->tree()->first_patch();
  const std::size_t rank = std::size_t(graph.comm().rank());
  const NaiveTopology naive = naive_topology(whole, first_patch[rank], first_patch[rank + 1], rows);
  std::vector<WholeEdge> edges;
  for (std::size_t e = 0; e < naive.edge_id.size(); ++e) {
    const std::size_t source = std::size_t(naive.source_row[e]), n = naive.node_id.size();
    edges.push_back({source < n ? naive.node_id[source] : naive.ghost_id[source - n],
                     naive.node_id[std::size_t(naive.target_row[e])], naive.edge_id[e]});
  }
  return edges;
}

void expect_map(const EdgeMap& map, const std::vector<std::int32_t>& to_row) {
  const std::int32_t from_rows = std::int32_t(map.from->local_rows()), to_rows = std::int32_t(map.to->local_rows());
  std::vector<std::int32_t> forward = to_row, back(std::size_t(to_rows), from_rows);
  for (std::size_t r = 0; r < forward.size(); ++r) {
    if (forward[r] >= 0) back[std::size_t(forward[r])] = std::int32_t(r);
    else forward[r] = to_rows;
  }
  EXPECT_EQ(map.to_row.to_vector(), forward);
  EXPECT_EQ(map.from_row.to_vector(), back);
}

}  // namespace halograph::testing
