// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/partition.hpp>

#include <gtest/gtest.h>

#include "tests/support/problems/slabs.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;
using Patches = std::vector<std::int32_t>;

TEST(Partition, DefaultPatches) {
  EXPECT_EQ(default_patches(0), 1);
  EXPECT_EQ(default_patches(1024), 1);
  EXPECT_EQ(default_patches(1025), 2);
  EXPECT_EQ(default_patches(13824), 16);
  EXPECT_EQ(default_patches(std::int64_t(1) << 40), std::int64_t(1) << 30);
}

TEST(Partition, GivenPatchesAreTheSlabsOwn) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab whole = random_graph(40, 0, 1, 3);
  for (std::int32_t i = 0; i < 40; ++i) whole.patch.push_back(i % 7);
  whole.n_patches = 9;
  GraphSlab slab = deal(comm, whole, Deal::random);
  partition(comm, slab, given());
  EXPECT_EQ(collect(comm, whole, slab, slab.patch), whole.patch);
  EXPECT_EQ(slab.n_patches, 9);
}

TEST(Partition, GivenPatchesMustBeThere) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab whole = random_graph(40, 0, 1, 3);
  EXPECT_THROW(given()(comm, deal(comm, whole, Deal::last_rank)), UsageError);
  whole.patch.assign(40, 1);
  EXPECT_NO_THROW(given()(comm, deal(comm, whole, Deal::last_rank)));
  whole.patch[39] = -1;
  EXPECT_THROW(given()(comm, deal(comm, whole, Deal::blocks)), UsageError);
}

TEST(Partition, FillsTheSlab) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab slab = deal(comm, random_graph(40, 0, 1, 3), Deal::blocks);
  slab.n_patches = 100;
  partition(comm, slab, coordinate_bisection({.patches = 8}));
  EXPECT_EQ(slab.patch.size(), slab.node_id.size());
  EXPECT_EQ(slab.n_patches, 8);
}

TEST(Partition, CountsEmptyPatches) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab whole = random_graph(40, 0, 1, 3);
  for (std::int32_t i = 0; i < 40; ++i) whole.patch.push_back(2 * (i % 7));
  whole.n_patches = 16;
  for (const Deal how : all_deals) EXPECT_EQ(count_empty_patches(comm, deal(comm, whole, how)), 9);
  whole.n_patches = std::int64_t(1) << 31;
  EXPECT_EQ(count_empty_patches(comm, deal(comm, whole, Deal::random)), whole.n_patches - 7);
  GraphSlab full = deal(comm, whole, Deal::blocks);
  partition(comm, full, coordinate_bisection({.patches = 8}));
  EXPECT_EQ(count_empty_patches(comm, full), 0);
  EXPECT_EQ(count_empty_patches(comm, GraphSlab{}), 0);
}

}  // namespace
}  // namespace halograph
