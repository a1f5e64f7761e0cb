// SPDX-License-Identifier: BSD-3-Clause
// Every key of a configuration with a value that is not its default: it changes the digest, or it must not.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include <halograph/io/weights.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

using testing::small_case;
using testing::small_config;

class Options : public ::testing::Test {
 protected:
  std::string digest(const std::vector<std::string>& settings) {
    const Config config = small_config("", settings);
    const Case data = small_case(world, config, 3);
    MeshTraining trainer(data, config);
    trainer.run();
    return trainer.digest();
  }
  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  const testing::Messages unread;
};

TEST_F(Options, EachKeyThatDecidesChangesTheDigest) {
  // A key, and what must stand beside it for the key to matter.
  const std::map<std::string, std::vector<std::string>> changes{
      {"input", {"input=pressure"}},
      {"target", {"target=pressure"}},
      {"target_shift", {"target_shift=2"}},
      {"normalise", {"normalise=false"}},
      {"dtype", {"dtype=f64"}},
      {"seed", {"seed=2"}},
      {"steps", {"steps=6"}},
      {"model.hidden", {"model.hidden=7"}},
      {"model.mlp_hidden_layers", {"model.mlp_hidden_layers=2"}},
      {"model.steps", {"model.steps=1"}},
      {"model.activation", {"model.activation=gelu"}},
      {"model.layer_norm", {"model.layer_norm=false"}},
      {"model.carry_edges", {"model.carry_edges=false"}},
      {"loss", {"loss=mean_absolute_error"}},
      {"optimizer.type", {"optimizer.type=sgd"}},
      {"optimizer.beta1", {"optimizer.beta1=0.5"}},
      {"optimizer.beta2", {"optimizer.beta2=0.5"}},
      {"optimizer.epsilon", {"optimizer.epsilon=0.001"}},
      {"optimizer.weight_decay", {"optimizer.weight_decay=0.1"}},
      {"optimizer.momentum", {"optimizer.type=sgd", "optimizer.momentum=0.5"}},
      {"optimizer.nesterov", {"optimizer.type=sgd", "optimizer.momentum=0.5", "optimizer.nesterov=true"}},
      {"schedule.type", {"schedule.type=step"}},
      {"schedule.rate", {"schedule.rate=0.02"}},
      {"schedule.floor", {"schedule.floor=0.002"}},
      {"schedule.warmup_steps", {"schedule.warmup_steps=3"}},
      {"schedule.factor", {"schedule.type=step", "schedule.every=2", "schedule.factor=0.25"}},
      {"schedule.every", {"schedule.type=step", "schedule.every=2"}},
      {"clip.norm", {"clip.norm=0.01"}},
      {"clip.value", {"clip.value=0.001"}}};
  // Those that decide nothing, those that another test covers, and the one with a single value.
  const std::set<std::string> others{"graph",
                                     "fields",
                                     "join_periodic",
                                     "partition.method",
                                     "partition.patches",
                                     "model.type",
                                     "restart",
                                     "model.checkpoint",
                                     "threads",
                                     "overlap",
                                     "record",
                                     "device",
                                     "model_output",
                                     "initial_weights",
                                     "history",
                                     "checkpoint.every",
                                     "checkpoint.path",
                                     "time_limit"};
  for (const std::string& key : config_keys())
    EXPECT_TRUE(changes.contains(key) || others.contains(key)) << key << " is not tested";
  std::map<std::string, std::string> seen{{digest({}), "the defaults"}};
  for (const auto& [key, settings] : changes) {
    const auto [first, is_new] = seen.emplace(digest(settings), key);
    EXPECT_TRUE(is_new) << key << " and " << first->second << " give the same bits";
  }
}

TEST_F(Options, KeysOfTheRunLeaveTheDigest) {
  const std::string plain = digest({});
  EXPECT_EQ(digest({"model.checkpoint=true"}), plain);
  EXPECT_EQ(digest({"record=false"}), plain);
  EXPECT_EQ(digest({"time_limit=1e6", "checkpoint.path=" + (scratch / "checkpoint.h5")}), plain);
  EXPECT_EQ(digest({"checkpoint.every=2", "checkpoint.path=" + (scratch / "checkpoint.h5")}), plain);
}

TEST_F(Options, CheckpointsComeAsOftenAsTheKeySays) {
  const std::string path = scratch / "every.h5";
  const Config config = small_config("", {"checkpoint.every=3", "checkpoint.path=" + path});
  const Case data = small_case(world, config, 3);
  MeshTraining trainer(data, config);
  std::vector<std::int64_t> stored;
  trainer.run([&](const MeshTraining& now) {  // before the checkpoint of this step
    world.barrier();
    if (!std::filesystem::exists(path)) return;
    MeshTraining other(data, config);
    other.load(path);
    if (stored.empty() || stored.back() != other.steps_done()) stored.push_back(other.steps_done());
    EXPECT_LT(other.steps_done(), now.steps_done());
  });
  EXPECT_EQ(stored, (std::vector<std::int64_t>{3, 6}));
  MeshTraining last(data, config);
  last.load(path);
  EXPECT_EQ(last.steps_done(), 7);
}

TEST_F(Options, InitialWeightsReplaceThoseOfTheSeed) {
  const std::string path = scratch / "weights.h5";
  const Config config = small_config();
  const Case data = small_case(world, config, 3);
  MeshTraining first(data, config);
  save_weights(world, path, parameters(first.net()));
  Config other = config;
  other.seed = 5;
  MeshTraining second(data, other);
  second.load_weights(path);
  first.run();
  second.run();
  EXPECT_EQ(second.digest(), first.digest());
}

}  // namespace
}  // namespace halograph::train
