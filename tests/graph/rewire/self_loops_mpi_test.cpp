// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/self_loops.hpp>

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/problems/rewired_graph.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t new_id = std::int64_t(1) << 50;  // behind all others

/// Loops of each node by id, edges in the order of their ids.
std::map<std::int64_t, std::vector<WholeEdge>> loops_of(const WholeGraph& whole) {
  std::map<std::int64_t, std::vector<WholeEdge>> loops;
  for (const auto& [id, patch] : whole.patch) loops[id];
  for (const WholeEdge& edge : whole.edges)
    if (edge.source == edge.target) loops[edge.source].push_back(edge);
  for (auto& [id, list] : loops)
    std::sort(list.begin(), list.end(), [](const WholeEdge& a, const WholeEdge& b) { return a.id < b.id; });
  return loops;
}

WholeGraph without_loops(const WholeGraph& whole) {
  WholeGraph result{whole.patch, whole.n_patches, {}};
  for (const WholeEdge& edge : whole.edges)
    if (edge.source != edge.target) result.edges.push_back(edge);
  return result;
}

using Form = SelfLoops (*)(const Graph&);

/// Compares with `naive`, whose new edges have the id new_id.
void expect_form(Form form, const std::function<WholeGraph(const WholeGraph&)>& naive) {
  for_known_graphs([&](const KnownGraph& known) {
    const WholeGraph expected = naive(known.whole);
    const SelfLoops result = form(known.graph);
    expect_topology(result.graph, expected, known.whole);
    EXPECT_EQ(result.graph.nodes(), known.graph.nodes());

    const auto before = local_edges(known.whole, known.graph, known.whole);
    const auto after = local_edges(expected, known.graph, known.whole);
    std::vector<std::int32_t> edges, loops;
    for (const WholeEdge& old : before) {
      edges.push_back(-1);
      for (std::size_t e = 0; e < after.size(); ++e)
        if (after[e].id == old.id && after[e].target == old.target) edges.back() = std::int32_t(e);
    }
    for (const std::int64_t id : known.graph.node_id()) {
      loops.push_back(-1);
      for (std::size_t e = 0; e < after.size(); ++e)
        if (after[e].id == new_id && after[e].target == id) loops.back() = std::int32_t(e);
    }
    ASSERT_EQ(result.edges.from, known.graph.edges());
    ASSERT_EQ(result.edges.to, result.graph.edges());
    ASSERT_EQ(result.loops.from, known.graph.nodes());
    ASSERT_EQ(result.loops.to, result.graph.edges());
    expect_map(result.edges, edges);
    expect_map(result.loops, loops);

    EXPECT_EQ(form(known.graph).graph.edges(), result.graph.edges()) << "made once";
  });
}

TEST(SelfLoops, are_removed) { expect_form(remove_self_loops, without_loops); }

TEST(SelfLoops, are_added_to_those_there_are) {
  expect_form(add_self_loops, [](const WholeGraph& whole) {
    WholeGraph result = whole;
    for (const auto& [id, patch] : whole.patch) result.edges.push_back({id, id, new_id});
    return result;
  });
}

TEST(SelfLoops, are_replaced_by_one_of_each_node) {
  expect_form(replace_self_loops, [](const WholeGraph& whole) {
    WholeGraph result = without_loops(whole);
    for (const auto& [id, patch] : whole.patch) result.edges.push_back({id, id, new_id});
    return result;
  });
}

TEST(SelfLoops, keep_the_last_of_each_node_where_it_has_one) {
  expect_form(add_remaining_self_loops, [](const WholeGraph& whole) {
    WholeGraph result = without_loops(whole);
    for (const auto& [id, loops] : loops_of(whole))
      result.edges.push_back(loops.empty() ? WholeEdge{id, id, new_id} : loops.back());
    return result;
  });
}

TEST(SelfLoops, are_kept_by_all_handles_of_a_graph) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 8, 50, 200, 5);
  const Graph copy = known.graph;
  EXPECT_EQ(add_self_loops(copy).graph.edges(), add_self_loops(known.graph).graph.edges());
  EXPECT_NE(add_self_loops(copy).graph.edges(), replace_self_loops(copy).graph.edges());
  EXPECT_EQ(add_self_loops(add_self_loops(copy).graph).graph.edges()->global_rows(), copy.edges()->global_rows() + 100);
}

}  // namespace
}  // namespace halograph::testing
