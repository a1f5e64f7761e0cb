// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/partition.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "tests/support/problems/slabs.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;
using Patches = std::vector<std::int32_t>;

// The rule in words, by sorting.
void sort_and_cut(const GraphSlab& whole, std::vector<std::size_t> nodes, std::int32_t first, std::int32_t patches,
                  Patches& result) {
  if (patches == 1 || nodes.empty()) {
    for (std::size_t i : nodes) result[i] = first;
    return;
  }
  const std::size_t dimension = std::size_t(whole.dimension);
  std::size_t axis = 0;
  double longest = -1;
  for (std::size_t a = 0; a < dimension; ++a) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i : nodes) {
      low = std::min(low, whole.position[i * dimension + a]);
      high = std::max(high, whole.position[i * dimension + a]);
    }
    if (high - low > longest) longest = high - low, axis = a;
  }
  std::sort(nodes.begin(), nodes.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(whole.position[a * dimension + axis], whole.node_id[a]) <
           std::tuple(whole.position[b * dimension + axis], whole.node_id[b]);
  });
  const auto weight = [&](std::size_t i) { return whole.weight.empty() ? 1 : whole.weight[i]; };
  std::int64_t total = 0, before = 0;
  for (std::size_t i : nodes) total += weight(i);
  const std::int64_t wanted = total * (patches / 2) / patches;
  std::size_t cut = 0;
  while (cut < nodes.size() && 2 * before + weight(nodes[cut]) <= 2 * wanted) before += weight(nodes[cut++]);
  sort_and_cut(whole, {nodes.begin(), nodes.begin() + std::ptrdiff_t(cut)}, first, patches / 2, result);
  sort_and_cut(whole, {nodes.begin() + std::ptrdiff_t(cut), nodes.end()}, first + patches / 2, patches - patches / 2,
               result);
}

Patches naive(const GraphSlab& whole, std::int32_t patches) {
  Patches result(whole.node_id.size(), -1);
  std::vector<std::size_t> nodes(whole.node_id.size());
  std::iota(nodes.begin(), nodes.end(), std::size_t(0));
  sort_and_cut(whole, nodes, 0, patches, result);
  return result;
}

void expect_naive(const GraphSlab& whole, std::int32_t patches) {
  const Communicator comm(MPI_COMM_WORLD);
  const Patches expected = naive(whole, patches);
  for (Deal how : all_deals) {
    const GraphSlab slab = deal(comm, whole, how);
    EXPECT_EQ(collect(comm, whole, slab, coordinate_bisection({.patches = patches})(comm, slab)), expected)
        << patches << " patches, deal " << int(how);
  }
}

TEST(CoordinateBisection, EqualsSortingForAnyDeal) {
  for (int dimension = 1; dimension <= 3; ++dimension)
    for (std::int32_t patches : {1, 3, 16, 37})
      expect_naive(random_graph(500, 0, dimension, std::uint64_t(dimension)), patches);
}

TEST(CoordinateBisection, EqualsSortingWithWeights) {
  GraphSlab whole = random_graph(400, 0, 3, 9);
  std::mt19937_64 random(3);
  for (std::size_t i = 0; i < whole.node_id.size(); ++i)
    whole.weight.push_back(random() % 4 == 0 ? 0 : random() % 20 == 0 ? 100000 : std::int64_t(random() % 50));
  for (std::int32_t patches : {2, 5, 64}) expect_naive(whole, patches);
  std::fill(whole.weight.begin(), whole.weight.end(), 0);
  expect_naive(whole, 4);
}

TEST(CoordinateBisection, CutsTheLatticeEvenly) {
  const GraphSlab whole = lattice(9, 8, 7);
  for (std::int32_t patches : {2, 10, 100}) {
    expect_naive(whole, patches);
    const auto sizes = patch_sizes(naive(whole, patches), patches);
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    EXPECT_LE(*most - *least, 1) << patches;
  }
}

TEST(CoordinateBisection, EqualPositionsAreCutById) {
  GraphSlab whole = random_graph(100, 0, 2, 4);
  std::fill(whole.position.begin(), whole.position.end(), 0.25);
  expect_naive(whole, 8);
}

TEST(CoordinateBisection, MinusZeroIsZero) {
  GraphSlab whole;
  whole.dimension = 1;
  whole.node_id = {0, 1, 2, 3};
  whole.position = {0.0, -0.0, 0.0, -0.0};
  const Communicator comm(MPI_COMM_WORLD);
  const GraphSlab slab = deal(comm, whole, Deal::cyclic);
  EXPECT_EQ(collect(comm, whole, slab, coordinate_bisection({.patches = 4})(comm, slab)), (Patches{0, 1, 2, 3}));
}

TEST(CoordinateBisection, MorePatchesThanNodes) {
  expect_naive(random_graph(5, 0, 3, 2), 64);
  expect_naive(random_graph(1, 0, 3, 2), 3);
  GraphSlab none;
  none.dimension = 2;
  expect_naive(none, 4);
}

TEST(CoordinateBisection, ExtremeNumbers) {
  GraphSlab whole = random_graph(60, 0, 2, 8);
  const double big = std::numeric_limits<double>::max() / 4, tiny = std::numeric_limits<double>::denorm_min();
  for (std::size_t i = 0; i < 60; ++i) whole.position[2 * i] = i % 3 == 0 ? -big : i % 3 == 1 ? big : tiny * double(i);
  whole.node_id[7] = std::numeric_limits<std::int64_t>::max();
  whole.node_id[8] = 0;
  expect_naive(whole, 16);
}

TEST(CoordinateBisection, RejectsBadSlabsOnAllRanks) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto message = [&](const GraphSlab& slab, std::int64_t patches = 4) {
    try {
      coordinate_bisection({.patches = patches})(comm, slab);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  GraphSlab whole = random_graph(50, 0, 3, 2);
  whole.node_id[20] = 4711;
  whole.position[20 * 3 + 1] = std::nan("");
  EXPECT_NE(message(deal(comm, whole, Deal::blocks)).find("node 4711 has coordinate nan on axis 1"), std::string::npos);
  whole.position[20 * 3 + 1] = 0;
  EXPECT_EQ(message(deal(comm, whole, Deal::blocks)), "no error");
  EXPECT_NE(message(deal(comm, whole, Deal::blocks), -1).find("-1 patches"), std::string::npos);
  whole.node_id[20] = -3;
  EXPECT_NE(message(deal(comm, whole, Deal::blocks)).find("node id -3"), std::string::npos);
  whole.node_id[20] = 4711;
  whole.weight.assign(50, 1);
  whole.weight[20] = -5;
  EXPECT_NE(message(deal(comm, whole, Deal::cyclic)).find("node 4711 weighs -5"), std::string::npos);
  whole.dimension = 0;
  whole.position.clear();
  whole.weight.clear();
  EXPECT_NE(message(deal(comm, whole, Deal::blocks)).find("no positions"), std::string::npos);
}

}  // namespace
}  // namespace halograph
