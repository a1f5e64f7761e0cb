// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/partition.hpp>

#include <gtest/gtest.h>

#include "slabs.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;
using Patches = std::vector<std::int32_t>;

Patches on_one_rank(const GraphSlab& whole, const MetisOptions& options) { return metis(options)({}, whole); }

void expect_same_for_any_deal(const GraphSlab& whole, const MetisOptions& options) {
  const Communicator comm(MPI_COMM_WORLD);
  const Patches expected = on_one_rank(whole, options);
  for (Deal how : all_deals) {
    const GraphSlab slab = deal(comm, whole, how);
    EXPECT_EQ(collect(comm, whole, slab, metis(options)(comm, slab)), expected) << "deal " << int(how);
  }
}

TEST(Metis, DependsOnTheGraphAlone) {
  for (std::int64_t patches : {0, 1, 2, 7, 32}) expect_same_for_any_deal(random_graph(1500, 4000, 0, 1), {.patches = patches});
  expect_same_for_any_deal(lattice(12, 11, 10), {.patches = 16});
}

TEST(Metis, SeedChoosesAmongPartitions) {
  const GraphSlab whole = lattice(10, 10, 10);
  EXPECT_EQ(on_one_rank(whole, {.patches = 8, .seed = 3}), on_one_rank(whole, {.patches = 8, .seed = 3}));
  EXPECT_NE(on_one_rank(whole, {.patches = 8, .seed = 3, .trials = 1}),
            on_one_rank(whole, {.patches = 8, .seed = 4, .trials = 1}));
}

TEST(Metis, BalancesWeights) {
  GraphSlab whole = lattice(12, 12, 12);
  std::int64_t total = 0;
  for (std::size_t i = 0; i < whole.node_id.size(); ++i) {
    whole.weight.push_back(whole.position[3 * i] < 6 ? 9000000 : i % 5 == 0 ? 0 : 3000000);
    total += whole.weight.back();
  }
  expect_same_for_any_deal(whole, {.patches = 8});
  const Patches patch = on_one_rank(whole, {.patches = 8});
  std::vector<std::int64_t> weight(8, 0);
  for (std::size_t i = 0; i < patch.size(); ++i) weight[std::size_t(patch[i])] += whole.weight[i];
  EXPECT_LT(double(*std::max_element(weight.begin(), weight.end())), 1.05 * double(total) / 8);
  std::fill(whole.weight.begin(), whole.weight.end(), 0);
  EXPECT_EQ(on_one_rank(whole, {.patches = 8}), on_one_rank(lattice(12, 12, 12), {.patches = 8}));
}

TEST(Metis, DirectionsDuplicatesAndLoopsDoNotCount) {
  const GraphSlab both_ways = lattice(9, 9, 9);
  GraphSlab one_way = both_ways, heavy = both_ways;
  one_way.edge_source.clear();
  one_way.edge_target.clear();
  for (std::size_t e = 0; e < both_ways.edge_source.size(); ++e) {
    if (both_ways.edge_source[e] > both_ways.edge_target[e]) continue;
    one_way.edge_source.push_back(both_ways.edge_source[e]);
    one_way.edge_target.push_back(both_ways.edge_target[e]);
    heavy.edge_source.insert(heavy.edge_source.end(), {both_ways.edge_source[e], both_ways.edge_source[e]});
    heavy.edge_target.insert(heavy.edge_target.end(), {both_ways.edge_target[e], both_ways.edge_source[e]});
  }
  const Patches expected = on_one_rank(both_ways, {.patches = 8});
  EXPECT_EQ(on_one_rank(one_way, {.patches = 8}), expected);
  EXPECT_EQ(on_one_rank(heavy, {.patches = 8}), expected);
}

TEST(Metis, SmallAndDegenerateGraphs) {
  expect_same_for_any_deal(GraphSlab{}, {.patches = 4});
  expect_same_for_any_deal(random_graph(1, 0, 0, 1), {.patches = 3});
  GraphSlab few = random_graph(5, 9, 0, 1);
  std::sort(few.node_id.begin(), few.node_id.end());
  EXPECT_EQ(on_one_rank(few, {.patches = 1}), (Patches{0, 0, 0, 0, 0}));
  EXPECT_EQ(on_one_rank(few, {.patches = 5}), (Patches{0, 1, 2, 3, 4}));
  EXPECT_EQ(on_one_rank(few, {.patches = 64}), (Patches{0, 1, 2, 3, 4}));
  for (std::int64_t patches : {4, 60, 99, 100, 101}) {
    const GraphSlab isolated = random_graph(100, 0, 0, 1);
    expect_same_for_any_deal(isolated, {.patches = patches});
    for (std::int32_t p : on_one_rank(isolated, {.patches = patches})) EXPECT_TRUE(p >= 0 && p < patches);
  }
}

TEST(Metis, RejectsBadGraphsOnAllRanks) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto message = [&](const GraphSlab& whole, const MetisOptions& options) {
    try {
      metis(options)(comm, deal(comm, whole, Deal::random));
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  GraphSlab whole = lattice(5, 5, 5);  // 600 edges both ways
  EXPECT_EQ(message(whole, {.patches = 2, .max_edges = 600}), "no error");
  EXPECT_NE(message(whole, {.patches = 2, .max_edges = 599}).find("use coordinate_bisection"), std::string::npos);
  GraphSlab one_way = whole;  // 599 edges as given, 600 both ways
  for (std::size_t e = 0; e < 600; ++e)
    if (one_way.edge_source[e] > one_way.edge_target[e]) std::swap(one_way.edge_source[e], one_way.edge_target[e]);
  one_way.edge_source.resize(599);
  one_way.edge_target.resize(599);
  EXPECT_NE(message(one_way, {.patches = 2, .max_edges = 599}).find("use coordinate_bisection"), std::string::npos);
  EXPECT_NE(message(whole, {.patches = -2}).find("-2 patches"), std::string::npos);
  EXPECT_NE(message(whole, {.patches = 2, .trials = 0}).find("0 trials"), std::string::npos);
  whole.edge_target[100] = 1000;
  EXPECT_NE(message(whole, {.patches = 2}).find("node 1000, which no slab holds"), std::string::npos);
  whole.edge_target[100] = 0;
  whole.node_id[3] = 4;
  EXPECT_NE(message(whole, {.patches = 2}).find("node id 4 occurs twice"), std::string::npos);
}

}  // namespace
}  // namespace halograph
