// SPDX-License-Identifier: BSD-3-Clause
// A few steps of every kind of problem; same_bits_long_mpi_test.cpp has the whole sweep.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "tests/support/digests/recorded_digests.hpp"
#include "tests/support/digests/same_bits.hpp"
#include "tests/support/digests/training_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

class SameBits : public ::testing::TestWithParam<DType> {
 protected:
  void expect_one_digest(const char* name, const Problem& problem, const train::Config& config) {
    const std::string alone = digest_on_one_rank(world, problem, config);
    if (world.rank() == 0) expect_recorded(cat("training ", name_of(GetParam()), " ", name), alone);
    for (const Execution& execution : {Execution{1, true}, Execution{2, false}})
      EXPECT_EQ(digest_of(world, problem, config, execution), alone)
          << execution.threads << " threads, overlap " << execution.overlap;
  }
  Communicator world{MPI_COMM_WORLD};
};

TEST_P(SameBits, BoxInMetisPatches) {
  expect_one_digest("box, METIS", box(4, 2, metis({.patches = 16})), config_for("small", GetParam(), 4));
}

TEST_P(SameBits, BoxInCoordinatePatches) {
  expect_one_digest("box, coordinates", box(4, 2, coordinate_bisection({.patches = 11})),
                    config_for("large", GetParam(), 2));
}

TEST_P(SameBits, RandomDirectedGraph) {
  expect_one_digest("random directed graph", random_digraph(), config_for("small", GetParam(), 4));
}

TEST_P(SameBits, AirfoilWithItsFlow) {
  if (const auto why = shared_missing("data/meshes/su2_naca0012_euler"); !why.empty()) GTEST_SKIP() << why;
  expect_one_digest("airfoil, METIS", airfoil(metis({.patches = 8})), config_for("small", GetParam(), 3));
}

TEST_P(SameBits, RestartOnAnotherRankCount) {
  const Problem problem = box(4, 2, metis({.patches = 16}));
  const train::Config config = config_for("small", GetParam(), 4);
  const std::string path =
      (std::filesystem::temp_directory_path() / cat("halograph-same-bits-", world.size(), name_of(GetParam()), ".h5"))
          .string();
  const std::string restarted = digest_with_restart(world, std::min(world.size(), 3), 2, path, problem, config);
  EXPECT_EQ(restarted, digest_on_one_rank(world, problem, config));
  if (world.rank() == 0) std::filesystem::remove(path);
}

TEST_P(SameBits, RecomputedStepsOnEveryRankCount) {
  train::Config config = config_for("small", GetParam(), 2);
  config.model.checkpoint = true;
  const Problem problem = box(4, 2, coordinate_bisection({.patches = 8}));
  const std::string recomputed = digest_of(world, problem, config, {});
  config.model.checkpoint = false;
  EXPECT_EQ(recomputed, digest_on_one_rank(world, problem, config));
}

// A digest that could not change would prove nothing.
TEST_P(SameBits, TheDigestSeesPatchesSeedAndSteps) {
  const Problem problem = box(2, 2, metis({.patches = 4}));
  const train::Config config = config_for("small", GetParam(), 2);
  const std::string digest = digest_of(world, problem, config, {});
  train::Config other = config;
  other.seed = 2;
  EXPECT_NE(digest_of(world, problem, other, {}), digest);
  other = config;
  other.steps = 3;
  EXPECT_NE(digest_of(world, problem, other, {}), digest);
  EXPECT_NE(digest_of(world, box(2, 2, metis({.patches = 2})), config, {}), digest);
}

INSTANTIATE_TEST_SUITE_P(Types, SameBits, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace halograph::testing
