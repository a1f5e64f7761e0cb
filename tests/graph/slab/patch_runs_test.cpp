// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/patch_runs.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

using Offsets = std::vector<std::int64_t>;

std::int64_t heaviest(const Offsets& weight, const Offsets& offset) {
  std::int64_t most = 0;
  for (std::size_t r = 0; r + 1 < offset.size(); ++r)
    most = std::max(most, std::accumulate(weight.begin() + offset[r], weight.begin() + offset[r + 1], std::int64_t(0)));
  return most;
}

// Dynamic programme over all ways to cut: the lightest heaviest run.
std::int64_t lightest_heaviest(const Offsets& weight, int ranks) {
  const std::size_t n = weight.size();
  Offsets best(n + 1, std::int64_t(1) << 60);
  best[0] = 0;
  for (int r = 0; r < ranks; ++r) {
    Offsets next(n + 1, std::int64_t(1) << 60);
    for (std::size_t end = 0; end <= n; ++end) {
      std::int64_t run = 0;
      for (std::size_t start = end + 1; start-- > 0;) {
        if (start < end) run += weight[start];
        next[end] = std::min(next[end], std::max(best[start], run));
      }
    }
    best = next;
  }
  return best[n];
}

TEST(AssignPatches, EqualWeightsGiveEqualRuns) {
  EXPECT_EQ(assign_patches(Offsets(16, 7), 4), (Offsets{0, 4, 8, 12, 16}));
  EXPECT_EQ(assign_patches(Offsets(16, 7), 1), (Offsets{0, 16}));
  EXPECT_EQ(assign_patches(Offsets(4, 0), 2), (Offsets{0, 2, 4}));
}

TEST(AssignPatches, MoreRanksThanPatchesLeavesTheLastIdle) {
  EXPECT_EQ(assign_patches(Offsets{3, 1}, 5), (Offsets{0, 1, 2, 2, 2, 2}));
  EXPECT_EQ(assign_patches(Offsets{}, 2), (Offsets{0, 0, 0}));
}

TEST(AssignPatches, IsOptimalAndUsesAllRanks) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; ++round) {
    Offsets weight(1 + random() % 14);
    for (auto& w : weight) w = random() % 4 == 0 ? 0 : std::int64_t(random() % 20);
    for (int ranks = 1; ranks <= 8; ++ranks) {
      const Offsets offset = assign_patches(weight, ranks);
      ASSERT_EQ(int(offset.size()), ranks + 1);
      EXPECT_EQ(offset.front(), 0);
      EXPECT_EQ(offset.back(), std::int64_t(weight.size()));
      const int active = std::min(ranks, int(weight.size()));
      for (int r = 0; r < ranks; ++r) EXPECT_EQ(offset[std::size_t(r) + 1] > offset[std::size_t(r)], r < active);
      EXPECT_EQ(heaviest(weight, offset), lightest_heaviest(weight, ranks)) << "round " << round;
    }
  }
}

TEST(AssignPatches, BalancesBelowTheLightestMaximum) {
  // The first patch fixes the maximum at 100; the others are still shared evenly.
  Offsets weight(13, 10);
  weight[0] = 100;
  EXPECT_EQ(assign_patches(weight, 3), (Offsets{0, 1, 7, 13}));
}

TEST(AssignPatches, RejectsNonsense) {
  EXPECT_THROW(assign_patches(Offsets{1}, 0), UsageError);
  EXPECT_THROW(assign_patches(Offsets{1, -1}, 1), UsageError);
  EXPECT_THROW(assign_patches(Offsets{INT64_MAX, 1}, 1), UsageError);
}

}  // namespace
}  // namespace halograph
