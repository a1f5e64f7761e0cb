// SPDX-License-Identifier: BSD-3-Clause
// A training step in steady state takes no memory from the system. Counted are the blocks behind tensors and message
// buffers (memory_use()) and the scratch memory of kernels; the small things on the heap that a tape is made of, and
// what MPI takes, are not.
#include <gtest/gtest.h>

#include <utility>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>
#include <halograph/train/mesh_training.hpp>

#include "tests/support/digests/same_bits.hpp"
#include "tests/support/digests/training_cases.hpp"

namespace halograph::testing {
namespace {

void expect_steady(const Communicator& comm, const Problem& problem, train::Config config) {
  config.input = problem.input;
  config.target = problem.target;
  GraphSlab slab = problem.slab(comm);
  partition(comm, slab, problem.partitioner);
  const train::Case data = train::make_case(comm, config, std::move(slab));
  train::MeshTraining trainer(data, config);
  for (int warm_up = 0; warm_up < 2; ++warm_up) {
    reset_memory_peak();
    trainer.step();
  }
  const MemoryUse before = memory_use();
  EXPECT_GT(before.system_allocations, 0);
  for (int step = 3; step <= 6; ++step) {
    reset_memory_peak();
    trainer.step();
    const MemoryUse after = memory_use();
    EXPECT_EQ(after.system_allocations, before.system_allocations) << "in step " << step;
    EXPECT_EQ(after.live, before.live) << "after step " << step;
    EXPECT_EQ(after.peak, before.peak) << "in step " << step;
  }
}

class Allocation : public ::testing::Test {
 protected:
  void TearDown() override {
    set_threads(1);
    set_overlap(true);
  }
  const Communicator world{MPI_COMM_WORLD};
  const Problem small_box = box(4, 2, coordinate_bisection({.patches = 11}));
};

TEST_F(Allocation, NoneOnABox) { expect_steady(world, small_box, config_for("small", DType::f32, 6)); }

TEST_F(Allocation, NoneOnARandomDigraphWithIdleRanks) {
  expect_steady(world, random_digraph(), config_for("small", DType::f64, 6));
  expect_steady(world, box(2, 1, coordinate_bisection({.patches = 2})), config_for("small", DType::f32, 6));
}

TEST_F(Allocation, NoneWhereStepsAreRecomputed) {
  train::Config config = config_for("large", DType::f32, 6);
  config.model.checkpoint = true;
  expect_steady(world, small_box, config);
}

TEST_F(Allocation, NoneWithoutOverlap) {
  set_overlap(false);
  expect_steady(world, small_box, config_for("small", DType::f32, 6));
}

// Whichever thread happens to get which task.
TEST_F(Allocation, NoneWithThreads) {
  set_threads(3);
  expect_steady(world, box(6, 3, coordinate_bisection({.patches = 24})), config_for("small", DType::f32, 6));
}

TEST_F(Allocation, NoneByTheOptimizersAndClipping) {
  train::Config config = config_for("small", DType::f32, 6);
  config.clip.value = 1e-3;
  config.clip.norm = 1e-3;
  config.optimizer.type = train::OptimizerType::sgd;
  config.optimizer.momentum = 0.9;
  expect_steady(world, small_box, config);
}

}  // namespace
}  // namespace halograph::testing
