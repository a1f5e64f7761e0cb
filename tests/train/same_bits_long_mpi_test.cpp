// SPDX-License-Identifier: BSD-3-Clause
// 20 steps of the small and the large network on a periodic box of 8 x 8 x 8 elements of order 3, on
// an airfoil with its flow and on a random directed graph.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "tests/support/digests/recorded_digests.hpp"
#include "tests/support/digests/same_bits.hpp"
#include "tests/support/digests/training_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

using Variant = std::tuple<std::string, DType>;

class SameBitsLong : public ::testing::TestWithParam<Variant> {
 protected:
  void expect_one_digest(const char* name, const Problem& problem) {
    const auto& [size, dtype] = GetParam();
    const train::Config config = config_for(size, dtype, 20);
    const std::string alone = digest_on_one_rank(world, problem, config);
    if (world.rank() == 0) expect_recorded(cat("training ", name_of(dtype), " 20 steps, ", name, ", ", size), alone);
    if (world.rank() == 0)
      std::printf("  %-22s %s %s digest %.16s on %d ranks\n", name, size.c_str(), std::string(name_of(dtype)).c_str(),
                  alone.c_str(), world.size());
    for (const Execution& execution : {Execution{1, true}, Execution{2, false}})
      EXPECT_EQ(digest_of(world, problem, config, execution), alone)
          << execution.threads << " threads, overlap " << execution.overlap;
    const std::string path =
        (std::filesystem::temp_directory_path() / cat("halograph-long-", world.size(), size, name_of(dtype), ".h5"))
            .string();
    EXPECT_EQ(digest_with_restart(world, std::min(world.size(), 3), 10, path, problem, config), alone);
    if (world.rank() == 0) std::filesystem::remove(path);
  }
  Communicator world{MPI_COMM_WORLD};
};

TEST_P(SameBitsLong, BoxInMetisPatches) { expect_one_digest("box, METIS", box(8, 3, metis())); }
TEST_P(SameBitsLong, BoxInCoordinatePatches) {
  expect_one_digest("box, coordinates", box(8, 3, coordinate_bisection()));
}
TEST_P(SameBitsLong, RandomDirectedGraph) { expect_one_digest("random directed graph", random_digraph()); }
TEST_P(SameBitsLong, AirfoilWithItsFlow) {
  if (const auto why = shared_missing("data/meshes/su2_naca0012_euler"); !why.empty()) GTEST_SKIP() << why;
  expect_one_digest("airfoil, METIS", airfoil(metis()));
}

INSTANTIATE_TEST_SUITE_P(Networks, SameBitsLong,
                         ::testing::Combine(::testing::Values("small", "large"),
                                            ::testing::Values(DType::f32, DType::f64)),
                         [](const auto& info) {
                           return std::get<0>(info.param) + "_" + std::string(name_of(std::get<1>(info.param)));
                         });

}  // namespace
}  // namespace halograph::testing
