// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/costs/quality.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include <halograph/graph/slab/partition.hpp>
#include <halograph/graph/slab/patch_runs.hpp>

#include "tests/support/problems/slabs.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;

PartitionQuality naive(const GraphSlab& whole, const std::vector<std::int32_t>& patch, std::int64_t patches,
                       int ranks) {
  PartitionQuality quality{.ranks = ranks};
  quality.nodes = std::int64_t(whole.node_id.size());
  quality.edges = std::int64_t(whole.edge_source.size());
  quality.patches = patches;
  const auto sizes = patch_sizes(patch, patches);
  quality.empty_patches = std::count(sizes.begin(), sizes.end(), 0);
  quality.min_patch = *std::min_element(sizes.begin(), sizes.end());
  quality.max_patch = *std::max_element(sizes.begin(), sizes.end());
  quality.mean_patch = double(quality.nodes) / double(patches);

  std::vector<std::int64_t> weight(std::size_t(patches), 0), rank_weight(std::size_t(ranks), 0),
      rank_nodes = rank_weight;
  for (std::size_t i = 0; i < patch.size(); ++i)
    weight[std::size_t(patch[i])] += whole.weight.empty() ? 1 : whole.weight[i];
  const auto first = assign_patches(weight, ranks);
  std::map<std::int64_t, int> owner;
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const int rank = int(std::upper_bound(first.begin(), first.end(), patch[i]) - first.begin()) - 1;
    owner[whole.node_id[i]] = rank;
    ++rank_nodes[std::size_t(rank)];
    rank_weight[std::size_t(rank)] += whole.weight.empty() ? 1 : whole.weight[i];
  }
  quality.idle_ranks = int(std::count(rank_nodes.begin(), rank_nodes.end(), 0));
  quality.imbalance = double(*std::max_element(rank_weight.begin(), rank_weight.end())) * ranks /
                      double(std::accumulate(rank_weight.begin(), rank_weight.end(), std::int64_t(0)));

  std::vector<std::set<std::int64_t>> halo(static_cast<std::size_t>(ranks));
  std::vector<std::set<int>> neighbours(static_cast<std::size_t>(ranks));
  for (std::size_t e = 0; e < whole.edge_source.size(); ++e) {
    const int from = owner.at(whole.edge_source[e]), to = owner.at(whole.edge_target[e]);
    if (from == to) continue;
    ++quality.cut_edges;
    halo[std::size_t(to)].insert(whole.edge_source[e]);
    neighbours[std::size_t(to)].insert(from);
    neighbours[std::size_t(from)].insert(to);
  }
  std::int64_t pairs = 0;
  for (int r = 0; r < ranks; ++r) {
    const std::int64_t rows = std::int64_t(halo[std::size_t(r)].size());
    quality.halo_rows += rows;
    quality.max_halo_rows = std::max(quality.max_halo_rows, rows);
    quality.max_neighbours = std::max(quality.max_neighbours, int(neighbours[std::size_t(r)].size()));
    pairs += std::int64_t(neighbours[std::size_t(r)].size());
  }
  quality.mean_neighbours = double(pairs) / ranks;
  return quality;
}

void expect_equal(const PartitionQuality& got, const PartitionQuality& wanted) {
  EXPECT_EQ(got.ranks, wanted.ranks);
  EXPECT_EQ(got.idle_ranks, wanted.idle_ranks);
  EXPECT_EQ(got.nodes, wanted.nodes);
  EXPECT_EQ(got.edges, wanted.edges);
  EXPECT_EQ(got.patches, wanted.patches);
  EXPECT_EQ(got.empty_patches, wanted.empty_patches);
  EXPECT_EQ(got.min_patch, wanted.min_patch);
  EXPECT_EQ(got.max_patch, wanted.max_patch);
  EXPECT_EQ(got.mean_patch, wanted.mean_patch);
  EXPECT_EQ(got.cut_edges, wanted.cut_edges);
  EXPECT_EQ(got.halo_rows, wanted.halo_rows);
  EXPECT_EQ(got.max_halo_rows, wanted.max_halo_rows);
  EXPECT_EQ(got.max_neighbours, wanted.max_neighbours);
  EXPECT_EQ(got.mean_neighbours, wanted.mean_neighbours);
  EXPECT_EQ(got.imbalance, wanted.imbalance);
}

void expect_naive(const GraphSlab& whole, std::int64_t patches) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto patch = coordinate_bisection({.patches = patches})({}, whole);
  for (Deal how : all_deals) {
    GraphSlab slab = deal(comm, whole, how);
    slab.n_patches = patches;
    const auto mine = coordinate_bisection({.patches = patches})(comm, slab);
    for (int ranks : {1, 2, 5, 20}) {
      SCOPED_TRACE(cat("deal ", int(how), ", ", ranks, " ranks"));
      expect_equal(partition_quality(comm, slab, mine, ranks), naive(whole, patch, patches, ranks));
    }
  }
}

TEST(PartitionQuality, EqualsCountingByHand) {
  expect_naive(lattice(8, 7, 6), 16);
  GraphSlab whole = random_graph(300, 900, 3, 6);
  expect_naive(whole, 13);
  for (std::size_t i = 0; i < whole.node_id.size(); ++i) whole.weight.push_back(std::int64_t(i % 9));
  expect_naive(whole, 13);
  expect_naive(random_graph(6, 12, 3, 6), 32);
}

TEST(PartitionQuality, CutCube) {
  // Two halves of a 4 x 4 x 4 cube: 16 pairs cut, both directions.
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab slab = deal(comm, lattice(4, 4, 4), Deal::cyclic);
  partition(comm, slab, coordinate_bisection({.patches = 2}));
  const PartitionQuality quality = partition_quality(comm, slab, slab.patch, 2);
  EXPECT_EQ(quality.cut_edges, 32);
  EXPECT_EQ(quality.halo_rows, 32);
  EXPECT_EQ(quality.max_halo_rows, 16);
  EXPECT_EQ(quality.max_neighbours, 1);
  EXPECT_EQ(quality.imbalance, 1.0);
  EXPECT_EQ(quality.bytes_per_exchange(8, DType::f32), 32 * 8 * 4);
  EXPECT_EQ(quality.bytes_per_exchange(8, DType::f64), 32 * 8 * 8);
}

TEST(PartitionQuality, EmptyGraph) {
  const Communicator comm(MPI_COMM_WORLD);
  const PartitionQuality quality = partition_quality(comm, GraphSlab{}, {}, 3);
  EXPECT_EQ(quality.halo_rows, 0);
  EXPECT_EQ(quality.idle_ranks, 3);
  EXPECT_EQ(quality.patches, 0);
}

TEST(PartitionQuality, RejectsBadInputOnAllRanks) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab whole = lattice(3, 3, 3);
  whole.patch.assign(27, 0);
  GraphSlab slab = deal(comm, whole, Deal::blocks);
  EXPECT_NO_THROW(partition_quality(comm, slab, slab.patch, 2));
  EXPECT_THROW(partition_quality(comm, slab, slab.patch, 0), UsageError);
  auto one_short = slab.patch;
  if (comm.rank() == comm.size() - 1) one_short.pop_back();
  EXPECT_THROW(partition_quality(comm, slab, one_short, 2), UsageError);
  for (const std::int64_t id : {std::int64_t(1000), std::int64_t(-1)}) {
    GraphSlab wrong = slab;
    if (comm.rank() == 0) wrong.edge_source[0] = id;
    EXPECT_THROW(partition_quality(comm, wrong, wrong.patch, 2), UsageError);
  }
}

}  // namespace
}  // namespace halograph
