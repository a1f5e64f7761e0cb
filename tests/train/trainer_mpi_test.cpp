// SPDX-License-Identifier: BSD-3-Clause
// Training gives the same bits on all ranks of the launch as on one, for threads, overlap and restarts too.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>

#include <halograph/core/threads.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/train/mesh_training.hpp>
#include <halograph/train/model_file.hpp>

namespace halograph::train {
namespace {

constexpr int total_steps = 4;

Config small(const std::string& more = "") {
  return parse_config(R"({"graph": "box", "input": ["velocity", "pressure"], "target": "velocity", "target_shift": 1,
    "steps": 4, "schedule": {"type": "cosine", "warmup_steps": 1},
    "model": {"hidden": 6, "mlp_hidden_layers": 1, "steps": 2})" +
                          more + "}",
                      "test");
}

Case box_case(const Communicator& comm, const Config& config,
              const Partitioner& partitioner = coordinate_bisection({6})) {
  GraphSlab slab = spectral_box({{3, 2, 2}, 2}, comm.rank(), comm.size());
  add_taylor_green(slab, std::vector<double>{0, 0.5, 1});
  partition(comm, slab, partitioner);
  return make_case(comm, config, std::move(slab));
}

std::string digest_on(const Communicator& comm, const Config& config,
                      const Partitioner& partitioner = coordinate_bisection({6})) {
  const Case data = box_case(comm, config, partitioner);
  MeshTraining trainer(data, config);
  trainer.run();
  EXPECT_EQ(trainer.steps_done(), config.steps);
  return trainer.digest();
}

Communicator world() { return Communicator(MPI_COMM_WORLD); }
Communicator alone() { return Communicator(MPI_COMM_SELF); }

/// A file name that all ranks of a launch share and other launches do not.
std::string shared_file(const std::string& name) {
  const Communicator comm = world();
  std::string path = (std::filesystem::temp_directory_path() / cat("halograph_", getpid(), "_", name)).string();
  comm.broadcast(path, 0);
  return path;
}

TEST(Trainer, SameBitsOnAllRanksAsOnOne) {
  for (const char* more :
       {"", R"(, "dtype": "f64")", R"(, "optimizer": {"type": "adamw", "weight_decay": 0.1}, "clip": {"norm": 0.01})",
        R"(, "optimizer": {"type": "sgd", "momentum": 0.9}, "loss": "mean_absolute_error", "normalise": false)"})
    EXPECT_EQ(digest_on(world(), small(more)), digest_on(alone(), small(more))) << more;
  EXPECT_EQ(digest_on(world(), small(), metis()), digest_on(alone(), small(), metis()));
}

TEST(Trainer, SameBitsForThreadsOverlapAndRecomputation) {
  const std::string one = digest_on(alone(), small());
  set_threads(2);
  EXPECT_EQ(digest_on(world(), small()), one);
  set_overlap(false);
  EXPECT_EQ(digest_on(world(), small()), one);
  set_threads(1);
  EXPECT_EQ(digest_on(world(), small()), one);
  set_overlap(true);
  Config recomputed = small();
  recomputed.model.checkpoint = true;
  EXPECT_EQ(digest_on(world(), recomputed), one);
}

TEST(Trainer, TheDigestSeesEveryDifference) {
  const std::string one = digest_on(alone(), small());
  for (const char* more :
       {R"(, "seed": 2)", R"(, "dtype": "f64")", R"(, "optimizer": {"epsilon": 1e-7})", R"(, "normalise": false)"})
    EXPECT_NE(digest_on(alone(), small(more)), one) << more;
  Config longer = small();
  longer.steps = total_steps + 1;
  EXPECT_NE(digest_on(alone(), longer), one);
}

/// 3 ranks (or as many as there are) do two steps, all ranks of the launch the rest.
TEST(Trainer, RestartsOnOtherRanks) {
  const Communicator comm = world();
  const std::string path = shared_file("restart.h5");
  const Config config = small();
  const bool early = comm.rank() < std::min(3, comm.size());
  const Communicator part = comm.split(early ? 0 : -1, comm.rank());
  if (early) {
    const Case data = box_case(part, config);
    MeshTraining trainer(data, config);
    trainer.step();
    trainer.step();
    trainer.save(path);
  }
  comm.barrier();
  const Case data = box_case(comm, config);
  MeshTraining trainer(data, config);
  trainer.load(path);
  EXPECT_EQ(trainer.steps_done(), 2);
  trainer.run();
  EXPECT_EQ(trainer.digest(), digest_on(alone(), config));
  comm.barrier();
  if (comm.rank() == 0) std::filesystem::remove(path);
}

std::string refusal(const Communicator& comm, const std::string& path, const Config& config, std::int64_t patches = 6) {
  const Case data = box_case(comm, config, coordinate_bisection({patches}));
  MeshTraining trainer(data, config);
  try {
    trainer.load(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Trainer, RefusesCheckpointsOfOtherRuns) {
  const Communicator comm = world();
  const std::string path = shared_file("other.h5");
  {
    const Case data = box_case(comm, small());
    MeshTraining trainer(data, small());
    trainer.save(path);
  }
  const auto expect = [&](const std::string& what, const Config& config, std::int64_t patches = 6) {
    const std::string message = refusal(comm, path, config, patches);
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  expect("accepted", small());
  expect("accepted", small(R"(, "clip": {"norm": 1})"));
  expect("seed is 2 here, but 1 in the checkpoint", small(R"(, "seed": 2)"));
  expect("dtype is \"f64\" here, but \"f32\"", small(R"(, "dtype": "f64")"));
  expect("optimizer.type is \"sgd\" here, but \"adam\"", small(R"(, "optimizer": {"type": "sgd"})"));
  expect("loss is", small(R"(, "loss": "mean_absolute_error")"));
  expect("5 patches", small(), 5);
  Config wider = small();
  wider.model.hidden = 7;
  expect("model.hidden is 7 here, but 6", wider);
  comm.barrier();
  if (comm.rank() == 0) std::filesystem::remove(path);
}

TEST(Trainer, StopsWhereTheLossIsNotFinite) {
  Config config = small(R"(, "optimizer": {"type": "sgd"})");
  config.schedule = {ScheduleType::constant, 1e38, 0, 0.5, 0, 100};
  const Case data = box_case(world(), config);
  MeshTraining trainer(data, config);
  try {
    trainer.run();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("step 2: the loss is"), std::string::npos) << error.what();
  }
  EXPECT_EQ(trainer.steps_done(), 1);
}

TEST(Case, RefusesFieldsThatDoNotFit) {
  const Communicator comm = world();
  const auto message = [&](const Config& config, double poison) {
    GraphSlab slab = spectral_box({{2, 1, 1}, 2}, comm.rank(), comm.size());
    add_taylor_green(slab, std::vector<double>{0, 0.5});
    if (comm.rank() == comm.size() - 1 && !slab.fields[1].values.empty()) slab.fields[1].values.back() = poison;
    partition(comm, slab, coordinate_bisection({2}));
    try {
      make_case(comm, config, std::move(slab));
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message(small(), 0), "accepted");
  EXPECT_NE(message(small(), std::nan("")).find("field 'pressure', frame 1"), std::string::npos);
  Config shifted = small();
  shifted.target_shift = 2;
  EXPECT_EQ(message(shifted, 0), "target_shift is 2, but the fields have 2 frames");
  Config misspelt = small();
  misspelt.input = {"speed"};
  EXPECT_EQ(message(misspelt, 0), "the graph has no field 'speed'");
}

TEST(Case, NamesTheValueThatNoNetworkCanTake) {
  const Communicator comm = world();
  const auto message = [&](const Config& config, const std::function<void(GraphSlab&)>& spoil) {
    GraphSlab slab = spectral_box({{2, 1, 1}, 2}, comm.rank(), comm.size());
    add_taylor_green(slab, std::vector<double>{0, 0.5});
    slab.edge_channels = 2;
    slab.edge_feature.assign(2 * slab.edge_id.size(), 0.5);
    spoil(slab);
    partition(comm, slab, coordinate_bisection({2}));
    try {
      make_case(comm, config, std::move(slab));
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const auto at_node = [](GraphSlab& slab, std::int64_t id, auto set) {
    for (std::size_t i = 0; i < slab.node_id.size(); ++i)
      if (slab.node_id[i] == id) set(i, slab.node_id.size());
  };
  const auto velocity = [&](double value) {
    return [=](GraphSlab& slab) {
      at_node(slab, 5, [&](std::size_t i, std::size_t n) { slab.fields[0].values[3 * (n + i) + 2] = value; });
    };
  };
  EXPECT_EQ(message(small(), [](GraphSlab&) {}), "accepted");
  EXPECT_EQ(message(small(), velocity(std::nan(""))),
            "field 'velocity', frame 1, node 5, channel 2 is nan, expected a finite number");
  EXPECT_EQ(message(small(), velocity(1e39)), "accepted");  // normalised, it is small
  EXPECT_EQ(message(small(R"(, "normalise": false)"), velocity(-1e39)).substr(0, 81),
            "field 'velocity', frame 1, node 5, channel 2 is -9.9999999999999994e+38, beyond t");
  EXPECT_EQ(message(small(R"(, "normalise": false, "dtype": "f64")"), velocity(1e39)), "accepted");
  EXPECT_EQ(message(small(),
                    [&](GraphSlab& slab) {
                      for (std::size_t e = 0; e < slab.edge_id.size(); ++e)
                        if (slab.edge_id[e] == 7) slab.edge_feature[2 * e + 1] = HUGE_VAL;
                    }),
            "edge 7, feature 1 is inf, expected a finite number");
  EXPECT_EQ(message(small(),
                    [&](GraphSlab& slab) {
                      for (double& value : slab.fields[1].values) value = 1.5e308;
                    })
                .substr(0, 45),
            "field 'pressure': channel 0 has values from 1");
}

TEST(Model, IsTheSameAfterSavingAndLoading) {
  const Communicator comm = world();
  const std::string path = shared_file("model.h5");
  const Config config = small();
  const Case data = box_case(comm, config);
  MeshTraining trainer(data, config);
  trainer.run();
  save_model(path, trainer);
  const Model model = load_model(comm, path);
  EXPECT_EQ(to_json(model.config), to_json(config));
  const auto saved = parameters(trainer.net()), loaded = parameters(model.net);
  ASSERT_EQ(saved.size(), loaded.size());
  for (std::size_t i = 0; i < saved.size(); ++i) {
    EXPECT_EQ(saved[i].name, loaded[i].name);
    EXPECT_EQ(saved[i].value.to_vector<float>(), loaded[i].value.to_vector<float>());
  }
  EXPECT_EQ(joined(model.scaling.statistics, {"velocity"}).mean, joined(data.scaling.statistics, {"velocity"}).mean);
  EXPECT_EQ(joined(model.scaling.statistics, {"pressure", "velocity"}).deviation.size(), 4u);
  comm.barrier();
  if (comm.rank() == 0) std::filesystem::remove(path);
}

}  // namespace
}  // namespace halograph::train
