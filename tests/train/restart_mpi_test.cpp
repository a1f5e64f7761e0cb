// SPDX-License-Identifier: BSD-3-Clause
// A run that goes on from a checkpoint is the run that was not interrupted: at every step, with every number of pairs
// of frames, with every column of its history.
#include <gtest/gtest.h>

#include <algorithm>

#include <halograph/io/archive.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

using testing::Messages;
using testing::small_case;
using testing::small_config;

class Restart : public ::testing::Test {
 protected:
  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  std::string path = scratch / "checkpoint.h5";
  Messages messages;

  std::string refusal(const Case& data, const Config& config) {
    MeshTraining trainer(data, config);
    try {
      trainer.load(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  /// Replaces the checkpoint by what `change` makes of it.
  template <class Change>
  void rewrite(Change change) {
    Archive archive = read_archive(world, path, "checkpoint");
    change(archive);
    write_archive(world, path, archive, "checkpoint");
  }
};

void expect_same_history(const std::vector<StepReport>& found, const std::vector<StepReport>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].loss, expected[i].loss) << "step " << i + 1;
    EXPECT_EQ(found[i].rate, expected[i].rate) << "step " << i + 1;
    EXPECT_EQ(found[i].gradient_norm, expected[i].gradient_norm) << "step " << i + 1;
  }
}

TEST_F(Restart, GoesOnWithThePairThatIsDue) {
  for (const int frames : {2, 3, 4, 6}) {  // 1, 2, 3 and 5 pairs
    const Config config = small_config();
    const Case data = small_case(world, config, frames);
    MeshTraining whole(data, config);
    whole.run();
    for (const std::int64_t stop : {1, 2, 3, 4, 6}) {
      MeshTraining first(data, config);
      while (first.steps_done() < stop) first.step();
      first.save(path);
      MeshTraining second(data, config);
      second.load(path);
      expect_same_history(second.history(), first.history());
      second.run();
      EXPECT_EQ(second.digest(), whole.digest()) << frames << " frames, stopped after " << stop;
      expect_same_history(second.history(), whole.history());
    }
  }
}

TEST_F(Restart, LoadsEveryColumnOfTheHistory) {
  const Config config = small_config();
  const Case data = small_case(world, config);
  MeshTraining before(data, config);
  for (int k = 0; k < 3; ++k) before.step();
  before.save(path);
  MeshTraining after(data, config);
  after.load(path);
  expect_same_history(after.history(), before.history());
  // The columns differ from each other, or exchanging them would go unseen.
  const std::vector<double> seconds = [&] {
    std::vector<double> all;
    for (const StepReport& r : before.history()) all.push_back(r.seconds);
    world.broadcast(all, 0);  // the clock of rank 0 is in the file
    return all;
  }();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after.history()[i].seconds, seconds[i]);
    EXPECT_NE(after.history()[i].rate, after.history()[i].gradient_norm);
    EXPECT_NE(after.history()[i].rate, after.history()[i].seconds);
  }
}

TEST_F(Restart, RefusesAHistoryOfAnotherLength) {
  const Config config = small_config();
  const Case data = small_case(world, config);
  {
    MeshTraining trainer(data, config);
    trainer.step();
    trainer.save(path);
  }
  rewrite([](Archive& archive) { archive.integers["steps_done"] = 2; });
  EXPECT_EQ(refusal(data, config), path + ": 2 steps, but a history of 1");
}

TEST_F(Restart, RefusesDataThatAreScaledOtherwise) {
  const Config config = small_config();
  Case data = small_case(world, config);
  {
    MeshTraining trainer(data, config);
    trainer.step();
    trainer.save(path);
  }
  EXPECT_EQ(refusal(data, config), "accepted");
  const Scaling scaling = data.scaling;
  const auto expect = [&](const std::string& what) {
    const std::string message = refusal(data, config);
    EXPECT_NE(message.find(path + ": cannot go on from this checkpoint: "), std::string::npos) << message;
    EXPECT_NE(message.find(what), std::string::npos) << message;
    data.scaling = scaling;
  };
  data.scaling.edge_length = 3;
  expect("lengths of edges are divided by 3 here, but by ");
  data.scaling.statistics[0].values.mean[0] = 7;
  expect("field 'pressure', channel 0 has the mean 7 here, but ");
  data.scaling.statistics[1].values.deviation[2] = 7;
  expect("field 'velocity', channel 2 has the deviation 7 here, but 0 in the checkpoint");
  data.scaling.statistics[1].field = "speed";
  expect("field 'speed' has no statistics in the checkpoint");
}

TEST_F(Restart, RefusesOtherValuesOfTheFieldsAndSaysWhatMayDiffer) {
  const Config config = small_config();
  {
    const Case data = small_case(world, config);
    MeshTraining trainer(data, config);
    trainer.save(path);
  }
  const Case other = small_case(world, config, 4, [](GraphSlab& slab) {
    for (double& value : slab.fields[1].values) value *= 1.5;
  });
  const std::string message = refusal(other, config);
  EXPECT_NE(message.find("graph is "), std::string::npos) << message;
  EXPECT_NE(message.find("(the sizes agree; ids, patches, positions, edges or fields do not)"), std::string::npos)
      << message;
}

TEST_F(Restart, TakesACheckpointOfAnEarlierVersionAndSaysSo) {
  const Config config = small_config();
  const Case data = small_case(world, config);
  MeshTraining whole(data, config);
  whole.run();
  {
    MeshTraining trainer(data, config);
    for (int k = 0; k < 3; ++k) trainer.step();
    trainer.save(path);
  }
  rewrite([](Archive& archive) {  // as it was
    archive.reals.erase("edge_length");
    std::erase_if(archive.tensors,
                  [](const NamedTensor& t) { return t.name == "edge_range" || t.name.starts_with("statistics."); });
  });
  messages.lines.clear();
  MeshTraining trainer(data, config);
  trainer.load(path);
  trainer.run();
  EXPECT_EQ(trainer.digest(), whole.digest());
  if (world.rank() != 0) return;
  ASSERT_EQ(messages.lines.size(), 1u);
  EXPECT_NE(messages.lines[0].find("an earlier version wrote this checkpoint"), std::string::npos);
}

TEST_F(Restart, MeetsACheckpointThatCannotBeWrittenBeforeTheFirstStep) {
  const Config config = small_config(R"(, "checkpoint": {"path": ")" + scratch.folder() + R"("})");
  const Case data = small_case(world, config);
  MeshTraining trainer(data, config);
  test::expect_file_error("is not a regular file", [&] { trainer.run(); });
  EXPECT_EQ(trainer.steps_done(), 0);
}

TEST_F(Restart, RehearsesWithoutTouchingTheFile) {
  const Config config = small_config();
  const Case data = small_case(world, config);
  MeshTraining trainer(data, config);
  trainer.save(path);
  world.barrier();
  const std::string before = test::content_of(path);
  trainer.step();
  trainer.rehearse_saving(path);
  world.barrier();
  EXPECT_TRUE(test::content_of(path) == before);
  EXPECT_EQ(scratch.count(), 1);
  trainer.rehearse_saving(scratch / "none.h5");
  world.barrier();
  EXPECT_EQ(scratch.count(), 1);
}

}  // namespace
}  // namespace halograph::train
