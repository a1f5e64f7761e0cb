// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/symmetrise.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/support/problems/rewired_graph.hpp"

namespace halograph::testing {
namespace {

using Ends = std::pair<std::int64_t, std::int64_t>;  // (source, target)

std::vector<WholeEdge> by_id(std::vector<WholeEdge> edges) {
  std::sort(edges.begin(), edges.end(), [](const WholeEdge& a, const WholeEdge& b) { return a.id < b.id; });
  return edges;
}

TEST(Symmetrise, has_each_pair_once_in_both_directions_with_summed_attributes) {
  for_known_graphs([](const KnownGraph& known) {
    // Sums in the order of the definition: given edges, then reverses, each by id.
    std::map<Ends, std::array<double, 2>> sums;
    const auto add = [&](std::int64_t source, std::int64_t target, std::int64_t id) {
      for (std::size_t c = 0; c < 2; ++c) sums[{source, target}][c] += noise(id, std::int64_t(c));
    };
    for (const WholeEdge& edge : by_id(known.whole.edges)) add(edge.source, edge.target, edge.id);
    for (const WholeEdge& edge : by_id(known.whole.edges)) add(edge.target, edge.source, edge.id);
    WholeGraph expected{known.whole.patch, known.whole.n_patches, {}};
    for (const auto& [ends, sum] : sums)
      expected.edges.push_back({ends.first, ends.second, std::int64_t(expected.edges.size())});

    std::vector<double> attributes;
    for (const WholeEdge& edge : local_edges(known.whole, known.graph, known.whole))
      for (std::int64_t c = 0; c < 2; ++c) attributes.push_back(noise(edge.id, c));
    const Symmetrised result = symmetrise(known.graph, attributes, 2);
    expect_topology(result.graph, expected, known.whole);
    EXPECT_EQ(result.graph.nodes(), known.graph.nodes());
    std::vector<double> found;
    for (const WholeEdge& edge : local_edges(expected, known.graph, known.whole))
      for (const double value : sums.at({edge.source, edge.target})) found.push_back(value);
    EXPECT_EQ(result.channels, 2);
    EXPECT_EQ(result.attributes, found);

    const Symmetrised bare = symmetrise(known.graph);
    expect_topology(bare.graph, expected, known.whole);
    EXPECT_TRUE(bare.attributes.empty());
  });
}

TEST(Symmetrise, refuses_attributes_that_do_not_fit_on_all_ranks) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 8, 50, 200, 5);
  std::vector<double> attributes(std::size_t(known.graph.n_edges()), 1);
  if (comm.rank() == comm.size() - 1) attributes.push_back(1);
  EXPECT_THROW(symmetrise(known.graph, attributes, 1), UsageError);
}

}  // namespace
}  // namespace halograph::testing
