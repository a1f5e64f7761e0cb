// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/partition.hpp>

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/problems/slabs.hpp"

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
  for (std::int64_t patches : {0, 1, 2, 7, 32})
    expect_same_for_any_deal(random_graph(1500, 4000, 0, 1), {.patches = patches});
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

/// A chain of nodes with the given weights.
GraphSlab chain(const std::vector<std::int64_t>& weight) {
  GraphSlab whole;
  whole.weight = weight;
  for (std::int64_t i = 0; i < std::int64_t(weight.size()); ++i) {
    whole.node_id.push_back(i);
    if (i == 0) continue;
    whole.edge_source.insert(whole.edge_source.end(), {i - 1, i});
    whole.edge_target.insert(whole.edge_target.end(), {i, i - 1});
  }
  return whole;
}

/// Nodes by patch; fails if METIS prints anything.
std::vector<std::int64_t> sizes_without_noise(const GraphSlab& whole, std::int64_t patches) {
  ::testing::internal::CaptureStdout();
  const Patches patch = on_one_rank(whole, {.patches = patches});
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  expect_same_for_any_deal(whole, {.patches = patches});
  return patch_sizes(patch, patches);
}

TEST(Metis, AHeavyNodeIsAloneAndTheRestDivided) {
  std::vector<std::int64_t> weight(40, 1);
  weight[17] = 100000;
  EXPECT_EQ(sizes_without_noise(chain(weight), 4), (std::vector<std::int64_t>{13, 13, 13, 1}));
  weight[17] = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(sizes_without_noise(chain(weight), 4), (std::vector<std::int64_t>{13, 13, 13, 1}));
}

TEST(Metis, SeveralHeavyNodesAreAlone) {
  const auto expect_two_alone = [](const std::vector<std::int64_t>& weight) {
    const auto sizes = sizes_without_noise(chain(weight), 8);
    for (std::size_t p = 0; p < 6; ++p) EXPECT_NEAR(double(sizes[p]), 10, 1);
    EXPECT_EQ(sizes[6], 1);
    EXPECT_EQ(sizes[7], 1);
  };
  std::vector<std::int64_t> weight(62, 1);
  weight[3] = 5000000;
  weight[40] = 90000;  // heavy only beside what the first one leaves
  expect_two_alone(weight);
  weight.assign(62, 0);
  weight[3] = weight[40] = 7;  // all the weight: the others are divided by number
  expect_two_alone(weight);
  weight.assign(62, 1);
  for (int i = 0; i < 8; ++i) weight[std::size_t(7 * i)] = 100000;  // as many as patches
  for (const std::int64_t size : sizes_without_noise(chain(weight), 8)) EXPECT_GE(size, 1);
}

TEST(Metis, HeavyNodesThatLeaveNoGapsChangeNothing) {
  // More than the share of a patch, but METIS copes: its partition stays, with the heavy node in the middle of the
  // others.
  bool stays = false;
  for (std::size_t heavy = 0; heavy < 64; ++heavy) {
    std::vector<std::int64_t> weight(64, 1);
    weight[heavy] = 32;
    const auto sizes = sizes_without_noise(chain(weight), 4);
    EXPECT_GE(*std::min_element(sizes.begin(), sizes.end()), 1);
    stays = stays || sizes.back() != 1;
  }
  EXPECT_TRUE(stays);
}

TEST(Metis, IsQuietAboutManyPatchesAndDisconnectedGraphs) {
  for (const std::int64_t patches : {30, 39, 40, 41, 1000})
    sizes_without_noise(chain(std::vector<std::int64_t>(40, 1)), patches);
  GraphSlab parts = random_graph(200, 60, 0, 4);
  for (std::size_t i = 0; i < parts.node_id.size(); ++i)
    parts.weight.push_back(i == 50 ? 1000000 : std::int64_t(i % 3));
  sizes_without_noise(parts, 16);
}

TEST(Metis, RejectsWeightsOutOfRange) {
  const Communicator comm(MPI_COMM_WORLD);
  std::vector<std::int64_t> weight(40, 1);
  for (const std::int64_t bad : {std::int64_t(-1), std::int64_t(1) << 31, std::numeric_limits<std::int64_t>::max()}) {
    weight[7] = bad;
    try {
      metis({.patches = 4})(comm, deal(comm, chain(weight), Deal::cyclic));
      ADD_FAILURE() << bad << " is taken";
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find(cat("node 7 weighs ", bad)), std::string::npos) << error.what();
    }
  }
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
