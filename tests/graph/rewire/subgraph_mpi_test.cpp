// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/subgraph.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/problems/rewired_graph.hpp"

namespace halograph::testing {
namespace {

/// Compares with the graph of the edges of `known` for which stays(edge) holds.
void expect_edges(const KnownGraph& known, const Subgraph& result, const std::function<bool(const WholeEdge&)>& stays) {
  WholeGraph expected{known.whole.patch, known.whole.n_patches, {}};
  std::copy_if(known.whole.edges.begin(), known.whole.edges.end(), std::back_inserter(expected.edges), stays);
  expect_topology(result.graph, expected, known.whole);
  EXPECT_EQ(result.graph.nodes(), known.graph.nodes());
  EXPECT_EQ(result.edges.from, known.graph.edges());
  EXPECT_EQ(result.edges.to, result.graph.edges());
  std::vector<std::int32_t> to_row;
  std::int32_t next = 0;
  for (const WholeEdge& edge : local_edges(known.whole, known.graph, known.whole))
    to_row.push_back(stays(edge) ? next++ : -1);
  expect_map(result.edges, to_row);
}

TEST(Subgraph, has_the_edges_that_stay_in_their_order) {
  for_known_graphs([](const KnownGraph& known) {
    for (const int out_of : {1, 2, 5, 1000}) {
      const auto stays = [&](const WholeEdge& edge) { return out_of == 1000 || (edge.id / 7) % out_of == 1; };
      std::vector<char> keep;
      for (const WholeEdge& edge : local_edges(known.whole, known.graph, known.whole))
        keep.push_back(stays(edge) ? 1 : 0);
      expect_edges(known, subgraph(known.graph, keep), stays);
    }
  });
}

TEST(Subgraph, refuses_a_list_that_is_too_short_on_all_ranks) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 8, 50, 200, 5);
  std::vector<char> keep(std::size_t(known.graph.n_edges()), 1);
  if (comm.rank() == comm.size() - 1) keep.push_back(1);
  EXPECT_THROW(subgraph(known.graph, keep), UsageError);
}

TEST(Coalesce, keeps_the_first_edge_between_two_nodes_and_loops) {
  for_known_graphs([](const KnownGraph& known) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> first;
    for (const WholeEdge& edge : known.whole.edges) {
      const auto [at, is_new] = first.emplace(std::pair(edge.source, edge.target), edge.id);
      at->second = std::min(at->second, edge.id);
    }
    expect_edges(known, coalesce(known.graph), [&](const WholeEdge& edge) {
      return first.at({edge.source, edge.target}) == edge.id;
    });
  });
}

}  // namespace
}  // namespace halograph::testing
