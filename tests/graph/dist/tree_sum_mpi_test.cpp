// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/tree_sum.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace halograph::testing {
namespace {

using Row = std::vector<float>;

Row patch_value(std::uint64_t seed, std::int64_t patch, std::int64_t size) {
  std::mt19937_64 random(seed * 1000003 + std::uint64_t(patch));
  Row row;
  for (std::int64_t i = 0; i < size; ++i) row.push_back(float(std::int64_t(random() % 2001) - 1000) * 1e-3f);
  return row;
}

/// The sum over patches [index << level, (index + 1) << level) of 0..n-1, by its definition.
Row subtree_sum(std::uint64_t seed, int level, std::int64_t index, std::int64_t n, std::int64_t size) {
  if (level == 0) return patch_value(seed, index, size);
  Row left = subtree_sum(seed, level - 1, 2 * index, n, size);
  if (((2 * index + 1) << (level - 1)) >= n) return left;
  const Row right = subtree_sum(seed, level - 1, 2 * index + 1, n, size);
  for (std::size_t i = 0; i < left.size(); ++i) left[i] += right[i];
  return left;
}

Row whole_sum(std::uint64_t seed, std::int64_t n, std::int64_t size) {
  if (n == 0) return Row(std::size_t(size), 0.0f);
  int depth = 0;
  while ((std::int64_t(1) << depth) < n) ++depth;
  return subtree_sum(seed, depth, 0, n, size);
}

std::vector<std::int64_t> random_runs(std::mt19937_64& random, int ranks, std::int64_t patches) {
  std::vector<std::int64_t> first{0, patches};
  for (int r = 1; r < ranks; ++r) first.push_back(std::int64_t(random() % std::uint64_t(patches + 1)));
  std::sort(first.begin(), first.end());
  return first;
}

TEST(TreeSum, has_the_bits_of_the_tree_whoever_owns_the_patches) {
  const Communicator comm(MPI_COMM_WORLD);
  std::mt19937_64 random(3);
  for (std::uint64_t round = 0; round < 60; ++round) {
    const std::int64_t patches = std::int64_t(random() % (round < 20 ? 6 : 70));
    const std::int64_t size = std::int64_t(1 + random() % 40);
    const TreeSum tree(comm, random_runs(random, comm.size(), patches));
    Row partials;
    for (const PatchSubtree& subtree : tree.subtrees()) {
      const Row row = subtree_sum(round, subtree.level, subtree.index, patches, size);
      partials.insert(partials.end(), row.begin(), row.end());
    }
    const Tensor total = tree.total(Tensor::from(partials, std::int64_t(tree.subtrees().size()), size, DType::f32));
    const Row sum = total.to_vector<float>(), expected = whole_sum(round, patches, size);
    ASSERT_EQ(sum.size(), expected.size());
    EXPECT_EQ(std::memcmp(sum.data(), expected.data(), sum.size() * sizeof(float)), 0)
        << patches << " patches, " << size << " columns";
    EXPECT_FALSE(total.partitioned());
  }
}

// Long messages are not buffered: a send waits for its receive.
TEST(TreeSum, adds_long_rows_and_counts_its_messages) {
  const Communicator comm(MPI_COMM_WORLD);
  std::mt19937_64 random(5);
  const std::int64_t size = 200000;
  for (std::uint64_t round = 0; round < 4; ++round) {
    const std::int64_t patches = 13;
    const TreeSum tree(comm, random_runs(random, comm.size(), patches));
    Row partials;
    for (const PatchSubtree& subtree : tree.subtrees()) {
      const Row row = subtree_sum(round, subtree.level, subtree.index, patches, size);
      partials.insert(partials.end(), row.begin(), row.end());
    }
    for (int call = 1; call <= 2; ++call) {
      const Tensor total = tree.total(Tensor::from(partials, std::int64_t(tree.subtrees().size()), size, DType::f32));
      const Row sum = total.to_vector<float>(), expected = whole_sum(round, patches, size);
      EXPECT_EQ(std::memcmp(sum.data(), expected.data(), sum.size() * sizeof(float)), 0);
      EXPECT_EQ(tree.traffic().sums, call);
      EXPECT_EQ(tree.traffic().messages_sent, call * tree.messages());
      EXPECT_EQ(tree.traffic().bytes_sent, call * tree.messages() * size * 4);
    }
    // Every rank with patches but the first one sends at least its own sum.
    const std::vector<std::int64_t>& first = tree.first_patch();
    const std::size_t rank = std::size_t(comm.rank());
    EXPECT_EQ(tree.messages() > 0, first[rank] > 0 && first[rank + 1] > first[rank]);
    tree.reset_traffic();
    EXPECT_EQ(tree.traffic().sums, 0);
  }
}

TEST(TreeSum, covers_the_local_run_with_few_subtrees) {
  const Communicator comm(MPI_COMM_WORLD);
  std::mt19937_64 random(4);
  for (const std::int64_t patches : {1, 7, 64, 1000}) {
    const TreeSum tree(comm, random_runs(random, comm.size(), patches));
    std::int64_t next = tree.first_patch()[std::size_t(comm.rank())];
    const std::int64_t end = tree.first_patch()[std::size_t(comm.rank()) + 1];
    for (const PatchSubtree& subtree : tree.subtrees()) {
      EXPECT_EQ(subtree.index << subtree.level, next);
      next = std::min((subtree.index + 1) << subtree.level, patches);
    }
    EXPECT_EQ(next, end);
    EXPECT_LE(tree.subtrees().size(), 2u * 10u);
    EXPECT_LE(tree.messages(), 2 * 10);
  }
}

TEST(TreeSum, is_as_deep_as_the_ranks_and_no_deeper) {
  for (const int ranks : {1, 2, 64, 2048, 16384}) {
    std::vector<std::int64_t> first;
    for (std::int64_t r = 0; r <= ranks; ++r) first.push_back(512 * r);
    EXPECT_EQ(1 << tree_depth(first), ranks);
  }
  EXPECT_EQ(tree_depth(std::vector<std::int64_t>{0, 0, 0}), 0);
  EXPECT_EQ(tree_depth(std::vector<std::int64_t>{0, 0, 7, 7, 7}), 0);
  EXPECT_EQ(tree_depth(std::vector<std::int64_t>{0, 1, 2, 3}), 2);  // (0 + 1) + 2
  EXPECT_EQ(tree_depth(std::vector<std::int64_t>{0, 3, 4}), 1);     // (0 + 1) + (2 + 3)
}

TEST(TreeSum, refuses_runs_that_do_not_ascend) {
  const Communicator comm(MPI_COMM_WORLD);
  std::vector<std::int64_t> first(std::size_t(comm.size()) + 1, 4);
  EXPECT_THROW(TreeSum(comm, first), UsageError);
  first.assign(std::size_t(comm.size()) + 2, 0);
  EXPECT_THROW(TreeSum(comm, first), UsageError);
}

}  // namespace
}  // namespace halograph::testing
