// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/edge_list.hpp>

#include <gtest/gtest.h>

#include <string>

#include "tests/support/problems/rewired_graph.hpp"

namespace halograph::testing {
namespace {

/// Other edges on the nodes of `whole`.
WholeGraph other_edges(const WholeGraph& whole, std::uint64_t seed, std::int64_t count) {
  WholeGraph other{whole.patch, whole.n_patches, {}};
  std::vector<std::int64_t> ids;
  for (const auto& [id, patch] : whole.patch) ids.push_back(id);
  for (std::int64_t e = 0; e < count && !ids.empty(); ++e) {
    const auto any = [&](std::int64_t salt) {
      return ids[std::size_t(noise(std::int64_t(seed), e, salt) * double(ids.size()))];
    };
    other.edges.push_back({any(1), e % 9 == 0 ? any(1) : any(2), 1000 - e});
    if (e % 5 == 0) other.edges.push_back({other.edges.back().source, other.edges.back().target, 2000 + e});
  }
  return other;
}

/// The row of each listed edge, -1 where the result has none of its id.
std::vector<std::int32_t> rows_of(const EdgeList& list, const Rewired& rewired, const std::vector<WholeEdge>& edges) {
  std::vector<std::int32_t> rows;
  for (std::size_t i = 0; i < list.edge_id.size(); ++i) {
    rows.push_back(-1);
    for (std::size_t e = 0; e < edges.size(); ++e)
      if (edges[e].id == list.edge_id[i] && edges[e].source == list.source_id[i] &&
          edges[e].target == rewired.graph.node_id()[std::size_t(list.target_row[i])])
        rows.back() = std::int32_t(e);
  }
  return rows;
}

TEST(EdgeList, gives_the_topology_that_its_definition_says_on_the_rows_of_the_graph) {
  for_known_graphs([](const KnownGraph& known) {
    const WholeGraph other = other_edges(known.whole, 5, 3 * std::int64_t(known.whole.patch.size()));
    const EdgeList list = list_of(other, known.graph, 3);
    const Rewired rewired = with_edges(known.graph, list);
    expect_topology(rewired.graph, other, known.whole);
    EXPECT_EQ(rewired.graph.nodes(), known.graph.nodes());
    EXPECT_EQ(rewired.edge_row, rows_of(list, rewired, local_edges(other, known.graph, known.whole)));
  });
}

TEST(EdgeList, drops_loops_and_repetitions_if_asked) {
  for_known_graphs([](const KnownGraph& known) {
    // Of repeated edges the one of lowest id stays.
    WholeGraph other = other_edges(known.whole, 6, 4 * std::int64_t(known.whole.patch.size()));
    std::sort(other.edges.begin(), other.edges.end(),
              [](const WholeEdge& a, const WholeEdge& b) { return a.id < b.id; });
    const EdgeList list = list_of(other, known.graph, 4);
    const Rewired rewired = with_edges(known.graph, list, true);
    const WholeGraph expected = coalesced(other);
    expect_topology(rewired.graph, expected, known.whole);
    EXPECT_EQ(rewired.edge_row, rows_of(list, rewired, local_edges(expected, known.graph, known.whole)));
  });
}

TEST(EdgeList, lists_the_edges_of_a_graph_so_that_they_give_it_again) {
  for_known_graphs([](const KnownGraph& known) {
    const Rewired again = with_edges(known.graph, edge_list(known.graph));
    expect_topology(again.graph, known.whole);
    for (std::size_t e = 0; e < again.edge_row.size(); ++e) EXPECT_EQ(again.edge_row[e], std::int32_t(e));
  });
}

TEST(EdgeList, refuses_bad_lists_on_all_ranks) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 31, 80, 600, 1);  // one patch: one rank has all
  const auto expect_refused = [&](const std::string& part, const std::function<void(EdgeList&)>& break_it) {
    EdgeList list = edge_list(known.graph);
    if (!list.edge_id.empty()) break_it(list);
    try {
      with_edges(known.graph, list);
      FAIL() << "no error: " << part;
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  expect_refused("target row 80", [](EdgeList& l) { l.target_row.back() = 80; });
  expect_refused("target row -1", [](EdgeList& l) { l.target_row.back() = -1; });
  expect_refused("source node -3", [](EdgeList& l) { l.source_id.back() = -3; });
  expect_refused("in patch 1 of 1", [](EdgeList& l) { l.source_patch.back() = 1; });
  expect_refused("is not in patch 0", [](EdgeList& l) { l.source_id.back() = (std::int64_t(1) << 41); });
  expect_refused("patches and", [](EdgeList& l) { l.source_patch.pop_back(); });
  expect_refused("edge ids are unique", [](EdgeList& l) {
    for (std::size_t e = 1; e < l.edge_id.size(); ++e)
      if (l.source_id[e] == l.source_id[e - 1] && l.target_row[e] == l.target_row[e - 1])
        l.edge_id[e] = l.edge_id[e - 1];
  });
}

TEST(EdgeList, refuses_sources_that_are_not_where_they_are_said_to_be) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 32, 120, 900, 10);
  EdgeList list = edge_list(known.graph);
  if (comm.rank() == comm.size() - 1 && !list.source_patch.empty())
    list.source_patch[0] = (list.source_patch[0] + 3) % 10;
  EXPECT_THROW(with_edges(known.graph, list), UsageError);
}

}  // namespace
}  // namespace halograph::testing
