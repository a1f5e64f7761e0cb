// SPDX-License-Identifier: BSD-3-Clause
// train::run() honours every key of a configuration, in a program as in the tool.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/run.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

class Run : public ::testing::Test {
 protected:
  Run() {
    GraphSlab slab = testing::small_slab(world);
    partition(world, slab, coordinate_bisection({6}));
    write_graph(world, scratch / "graph.h5", slab);
  }
  ~Run() override {
    set_threads(1);
    set_overlap(true);
    Device::set_preferred(device);
  }

  /// `more` are keys with paths that begin with '@': in the folder of the test.
  Config config(std::string more = "") const {
    for (std::size_t at = more.find('@'); at != std::string::npos; at = more.find('@'))
      more.replace(at, 1, scratch.folder() + "/");
    return testing::small_config(more, {"graph=" + scratch / "graph.h5"});
  }

  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  testing::Messages messages;
  Device device = Device::preferred();
};

TEST_F(Run, AppliesThreadsOverlapAndDevice) {
  const std::string plain = run(world, config()).digest;
  int called = 0;
  RunHooks hooks;
  hooks.started = [&](const MeshTraining& training) {
    ++called;
    EXPECT_EQ(threads(), 3);
    EXPECT_FALSE(overlap_enabled());
    EXPECT_EQ(training.data().graph().device().name(), "guarded");
  };
  const RunResult result = run(world, config(R"(, "threads": 3, "overlap": false, "device": "guarded")"), hooks);
  EXPECT_EQ(called, 1);
  EXPECT_EQ(result.digest, plain);
}

TEST_F(Run, WritesHistoryCheckpointAndModel) {
  RunHooks hooks;
  std::vector<std::int64_t> steps;
  hooks.after_step = [&](const MeshTraining& training) { steps.push_back(training.steps_done()); };
  hooks.ended = [&](const MeshTraining& training) { steps.push_back(-training.steps_done()); };
  const RunResult result = run(
      world, config(R"(, "history": "@h.csv", "model_output": "@m.h5", "checkpoint": {"path": "@c.h5", "every": 5})"),
      hooks);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, -7}));
  world.barrier();
  const std::string table = test::content_of(scratch / "h.csv");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 8);
  EXPECT_EQ(table.substr(0, table.find('\n')), "step,loss,rate,gradient_norm,seconds");
  const Model model = load_model(world, scratch / "m.h5");
  GraphSlab slab = read_graph(world, scratch / "graph.h5");
  const Case data = make_case(world, config(), std::move(slab));
  MeshTraining training(data, config());
  training.load(scratch / "c.h5");
  EXPECT_EQ(training.digest(), result.digest);
  EXPECT_EQ(training.net().state()[0].value.to_vector<float>(), model.net.state()[0].value.to_vector<float>());
}

TEST_F(Run, GoesOnFromACheckpoint) {
  const std::string whole = run(world, config()).digest;
  const Config half = config(R"(, "checkpoint": {"path": "@half.h5", "every": 3})");
  RunHooks stop;
  stop.after_step = [&](const MeshTraining& training) {
    if (training.steps_done() == 3 && world.rank() == 0) raise(SIGTERM);
  };
  const RunResult stopped = run(world, half, stop);
  EXPECT_EQ(stopped.ending, Ending::signal);
  EXPECT_EQ(stopped.history.size(), 3u);
  const RunResult rest = run(world, config(R"(, "restart": "@half.h5")"));
  EXPECT_EQ(rest.digest, whole);
  EXPECT_EQ(rest.history.size(), 7u);
}

TEST_F(Run, AStoppedRunWritesNoModel) {
  const RunResult stopped =
      run(world, config(R"(, "model_output": "@m.h5", "checkpoint": {"path": "@c.h5"}, "time_limit": 1e-9)"));
  EXPECT_EQ(stopped.ending, Ending::time_limit);
  EXPECT_EQ(stopped.history.size(), 1u);
  EXPECT_EQ(scratch.count(), 2) << "the graph and the checkpoint";
}

TEST_F(Run, StartsFromGivenWeights) {
  RunHooks hooks;
  std::vector<float> trained, started;
  hooks.ended = [&](const MeshTraining& training) {
    save_weights(world, scratch / "w.h5", training.net().state());
    trained = training.net().state()[2].value.to_vector<float>();
  };
  run(world, config(), hooks);
  RunHooks again;
  again.started = [&](const MeshTraining& training) { started = training.net().state()[2].value.to_vector<float>(); };
  run(world, config(R"(, "initial_weights": "@w.h5", "seed": 9)"), again);
  EXPECT_EQ(started, trained);
}

TEST_F(Run, MeetsOutputsThatCannotBeWrittenBeforeTheFirstStep) {
  RunHooks hooks;
  hooks.after_step = [](const MeshTraining&) { ADD_FAILURE() << "a step was made"; };
  for (const char* key : {R"("history": "@no/x")", R"("model_output": "@no/x")", R"("checkpoint": {"path": "@no/x"})"})
    test::expect_file_error("no does not exist", [&] { run(world, config(cat(", ", key)), hooks); });
}

}  // namespace
}  // namespace halograph::train
