// SPDX-License-Identifier: BSD-3-Clause
// What a model remembers of the data that it was trained on, and what it says of others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <optional>

#include <halograph/io/archive.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/predict.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

using testing::Change;
using testing::Messages;
using testing::small_case;
using testing::small_config;
using testing::small_slab;

constexpr std::size_t pressure = 1;  // in the slab

SlabField& add_field(GraphSlab& slab, const std::string& name, double value, std::int64_t channels = 1) {
  slab.fields.push_back({name, channels, 1, std::vector<double>(slab.node_id.size() * std::size_t(channels), value)});
  return slab.fields.back();
}

class ScalingTest : public ::testing::Test {
 protected:
  Model trained(const Config& config, const Change& change = {}) {
    const Messages unread;
    const Case data = small_case(world, config, 3, change);
    MeshTraining trainer(data, config);
    trainer.run();
    save_model(path, trainer);
    return load_model(world, path);
  }

  std::string warnings_of(const std::function<void()>& body) {
    const Messages messages;
    body();
    std::string all;
    for (const std::string& line : messages.lines) all += line + "\n";
    world.broadcast(all, 0);
    return all;
  }
  std::string in_training(const Config& config, const Change& change = {}, int frames = 3) {
    return warnings_of([&] { small_case(world, config, frames, change); });
  }
  std::string in_prediction(const Model& model, const Change& change, std::optional<std::int64_t> frame = {}) {
    return warnings_of([&] { predict(world, model, small_slab(world, 3, change), frame, "g.h5"); });
  }

  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  std::string path = scratch / "model.h5";
};

void stretch(GraphSlab& slab, double factor) {
  for (double& x : slab.position) x *= factor;
  for (double& length : slab.period) length *= factor;
}

TEST_F(ScalingTest, IsInTheModelFileBitForBit) {
  const Config config = small_config();
  const Case data = small_case(world, config, 3);
  MeshTraining trainer(data, config);
  save_model(path, trainer);
  const Scaling found = load_model(world, path).scaling;
  EXPECT_GT(found.edge_length, 0);
  EXPECT_EQ(found.edge_length, data.scaling.edge_length);
  EXPECT_EQ(found.edge_range.smallest, data.edge_range.smallest);
  EXPECT_EQ(found.edge_range.largest, data.edge_range.largest);
  EXPECT_EQ(found.edge_range.largest.back(), 1);  // the longest edge by itself
  ASSERT_EQ(found.statistics.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(found.statistics[i].field, data.scaling.statistics[i].field);
    EXPECT_EQ(found.statistics[i].values.mean, data.scaling.statistics[i].values.mean);
    EXPECT_EQ(found.statistics[i].values.deviation, data.scaling.statistics[i].values.deviation);
    EXPECT_EQ(found.statistics[i].values.range.smallest, data.scaling.statistics[i].values.range.smallest);
    EXPECT_EQ(found.statistics[i].values.range.largest, data.scaling.statistics[i].values.range.largest);
  }
}

TEST_F(ScalingTest, JoinsFieldsInTheOrderOfTheNames) {
  const std::vector<FieldStatistics> all{{"a", {{1, 2}, {3, 4}, {{-1, -2}, {5, 6}}}}, {"b", {{7}, {8}, {{-3}, {9}}}}};
  const data::Statistics both = joined(all, {"b", "a"});
  EXPECT_EQ(both.mean, (std::vector<double>{7, 1, 2}));
  EXPECT_EQ(both.deviation, (std::vector<double>{8, 3, 4}));
  EXPECT_EQ(both.range.smallest, (std::vector<double>{-3, -1, -2}));
  EXPECT_EQ(both.range.largest, (std::vector<double>{9, 5, 6}));
  EXPECT_EQ(column_of(all, {"b", "a"}, "a"), 1);
  EXPECT_EQ(column_of(all, {"a", "b"}, "b"), 2);
  EXPECT_EQ(column_of(all, {"a"}, "b"), std::nullopt);
}

TEST_F(ScalingTest, EdgesAreDividedByTheLengthOfTraining) {
  const Model model = trained(small_config());
  const auto edges = [&](double factor) {
    CaseOptions options;
    options.scaling = model.scaling;
    const Case data = small_case(
        world, model.config, 3, [&](GraphSlab& slab) { stretch(slab, factor); }, options);
    EXPECT_EQ(data.scaling.edge_length, model.scaling.edge_length);
    return data.edges.to_vector<double>();
  };
  const std::vector<double> one = edges(1), ten = edges(10);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(ten[i], 10 * one[i], 1e-5);  // f32 features
}

TEST_F(ScalingTest, OtherLengthsAreOtherPredictionsAndAWarning) {
  const Model model = trained(small_config());
  const auto predicted = [&](double factor) {
    return predict(world, model, small_slab(world, 3, [&](GraphSlab& slab) { stretch(slab, factor); }), 0, "g.h5")
        .fields[0]
        .values;
  };
  const std::vector<double> one = predicted(1), ten = predicted(10);
  double largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i) largest = std::max(largest, std::abs(ten[i] - one[i]));
  EXPECT_GT(world.max(largest), 1e-3);
  EXPECT_EQ(in_prediction(model, {}), "");
  EXPECT_EQ(in_prediction(model, [](GraphSlab& slab) { stretch(slab, 1.3); }), "");
  for (const double factor : {10.0, 0.1, 1.6, 0.5}) {
    const std::string text = in_prediction(model, [&](GraphSlab& slab) { stretch(slab, factor); });
    EXPECT_NE(text.find("g.h5: edges are "), std::string::npos) << factor << ": " << text;
    EXPECT_NE(text.find("the network has not seen such lengths"), std::string::npos);
  }
}

TEST_F(ScalingTest, TheWarningSaysBothRangesOfLengths) {
  const Model model = trained(
      small_config(), [](GraphSlab& slab) { stretch(slab, 3 / std::numbers::pi); });  // [-3, 3]^3: 1 along x, 1.5 else
  const std::string text = in_prediction(model, [](GraphSlab& slab) { stretch(slab, 30 / std::numbers::pi); });
  EXPECT_NE(text.find("edges are 10 to 15 long, those of training 1 to 1.5"), std::string::npos) << text;
}

TEST_F(ScalingTest, RefusesEdgesOfAnotherKind) {
  const Change give = [](GraphSlab& slab) {
    slab.edge_channels = 4;
    slab.edge_feature.assign(slab.edge_id.size() * 4, 0.5);
  };
  const auto message = [&](const Model& model, const Change& change) {
    try {
      predict(world, model, small_slab(world, 3, change), {}, "g.h5");
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message(trained(small_config()), give),
            "g.h5: the graph gives features of edges, but the network was trained on offsets and lengths of edges");
  const Model given = trained(small_config(), give);
  EXPECT_EQ(given.scaling.edge_length, 0);
  EXPECT_EQ(message(given, {}),
            "g.h5: the graph gives no features of edges, but the network was trained on given ones");
  EXPECT_EQ(message(given, give), "accepted");
  EXPECT_EQ(in_prediction(given,
                          [&](GraphSlab& slab) {
                            give(slab);
                            for (double& x : slab.edge_feature) x = 0.75;
                          })
                .substr(0, 75),
            "g.h5: feature 0 of edges is 0.75, but was always 0.5 in training\ng.h5: feat");
}

TEST_F(ScalingTest, RefusesAModelOfAnEarlierVersion) {
  trained(small_config());
  Archive archive = read_archive(world, path, "model");
  archive.reals.erase("edge_length");
  write_archive(world, path, archive, "model");
  test::expect_file_error(path + ": no real number 'edge_length': an earlier version wrote this model",
                          [&] { load_model(world, path); });
}

TEST_F(ScalingTest, RefusesStatisticsThatDoNotFitTheNetwork) {
  trained(small_config());
  Archive archive = read_archive(world, path, "model");
  std::erase_if(archive.tensors, [](const NamedTensor& t) { return t.name == "statistics.pressure"; });
  write_archive(world, path, archive, "model");
  test::expect_file_error("the network takes 4 channels and gives 3, but there are statistics of 3 and 3",
                          [&] { load_model(world, path); });
}

TEST_F(ScalingTest, TrainingNamesConstantChannels) {
  EXPECT_EQ(
      in_training(small_config()),  // the flow has no third component
      "field 'velocity', channel 2 is constant (0): it teaches nothing, and as a target there is nothing to predict\n");
  EXPECT_EQ(in_training(small_config(R"(, "normalise": false)")).substr(0, 43),
            "field 'velocity', channel 2 is constant (0)");
  const Config reynolds = small_config("", {"input=[\"re\",\"pressure\"]", "target=pressure"});
  EXPECT_EQ(in_training(reynolds, [](GraphSlab& slab) { add_field(slab, "re", 100); }),
            "field 're' is constant (100): it teaches nothing\n");
  EXPECT_EQ(in_training(reynolds, [](GraphSlab& slab) { add_field(slab, "re", 101325.1); }),
            "field 're' is constant (101325.1): it teaches nothing\n");
  EXPECT_EQ(in_training(reynolds,
                        [](GraphSlab& slab) {
                          std::vector<double>& values = add_field(slab, "re", 100).values;
                          for (std::size_t i = 0; i < values.size(); ++i)
                            values[i] *= 1 + 1e-6 * double(slab.node_id[i] % 2);
                        }),
            "");
  const Config goal = small_config("", {"input=pressure", "target=[\"re\",\"pressure\"]"});
  EXPECT_EQ(in_training(goal, [](GraphSlab& slab) { add_field(slab, "re", 100); }),
            "field 're' is constant (100): there is nothing to predict\n");
  const Config many = small_config("", {"input=[\"many\",\"pressure\"]", "target=pressure"});
  EXPECT_EQ(
      in_training(many, [](GraphSlab& slab) { add_field(slab, "many", 0.1, 10); }),
      "field 'many', channels 0, 1, 2, 3, 4, 5, 6, 7 and 2 more are constant (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1): "
      "it teaches nothing\n");
  EXPECT_EQ(in_training(small_config("", {"input=pressure", "target=pressure"}),
                        [](GraphSlab& slab) { add_field(slab, "re", 1); }),
            "");
}

TEST_F(ScalingTest, TrainingNamesTargetsThatAreInputs) {
  const std::string copied =
      "target 'pressure' equals the input 'pressure' in every pair of frames: there is nothing to learn but to copy "
      "it\n";
  const Config same = small_config("", {"input=pressure", "target=pressure", "target_shift=0"});
  EXPECT_EQ(in_training(same), copied);
  const Config ahead = small_config("", {"input=pressure", "target=pressure"});
  EXPECT_EQ(in_training(ahead), "");
  EXPECT_EQ(in_training(ahead,
                        [](GraphSlab& slab) {  // nothing changes with time
                          const std::size_t n = slab.node_id.size();
                          std::vector<double>& values = slab.fields[pressure].values;
                          for (std::size_t i = n; i < values.size(); ++i) values[i] = values[i % n];
                        }),
            copied);
  const Config renamed = small_config("", {"input=copy", "target=pressure", "target_shift=0"});
  EXPECT_EQ(in_training(renamed,
                        [](GraphSlab& slab) {
                          slab.fields.push_back(slab.fields[pressure]);
                          slab.fields.back().name = "copy";
                        })
                .substr(0, 45),
            "target 'pressure' equals the input 'copy' in ");
}

TEST_F(ScalingTest, PredictionNamesInputsOutsideTheRangeOfTraining) {
  const Config config = small_config("", {"input=[\"velocity\",\"pressure\",\"re\"]"});
  const Change at_100 = [](GraphSlab& slab) { add_field(slab, "re", 100); };
  const Model model = trained(config, at_100);
  const auto with = [&](const Change& more) {
    return [=](GraphSlab& slab) {
      at_100(slab);
      more(slab);
    };
  };
  const auto re = [&](double value) {
    return with([=](GraphSlab& slab) { slab.fields.back().values.assign(slab.node_id.size(), value); });
  };
  EXPECT_EQ(in_prediction(model, at_100), "");
  EXPECT_EQ(in_prediction(model, re(100 + 1e-12)), "");
  EXPECT_EQ(in_prediction(model, re(101)), "g.h5: field 're' is 101, but was always 100 in training\n");
  // Beside a large offset, a shift that single precision would round away.
  const auto offset = [](double shift) {
    return [=](GraphSlab& slab) {
      std::vector<double>& values = add_field(slab, "re", 1e9 + shift).values;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += 1e-3 * double(slab.node_id[i] % 5);
    };
  };
  const Model far = trained(config, offset(0));
  EXPECT_EQ(in_prediction(far, offset(0)), "");
  EXPECT_NE(in_prediction(far, offset(1)).find("field 're' goes from 1e+09"), std::string::npos);
  EXPECT_EQ(in_prediction(model, re(-1e9)), "g.h5: field 're' is -1e+09, but was always 100 in training\n");
  const std::string text = in_prediction(model, with([](GraphSlab& slab) {
                                           const std::size_t n = slab.node_id.size();
                                           for (std::size_t i = 0; i < n; ++i)
                                             if (slab.node_id[i] == 0)
                                               slab.fields[0].values[3 * (n + i) + 1] = -7;  // frame 1, channel 1
                                         }));
  EXPECT_EQ(text.find("g.h5: field 'velocity', channel 1 goes from -7 to "), 0u) << text;
  EXPECT_NE(text.find(", outside its range in training, -"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

TEST_F(ScalingTest, OnlyTheFramesThatArePredictedCount) {
  const Model model = trained(small_config());
  const Change last_frame = [](GraphSlab& slab) {
    for (std::size_t i = 2 * slab.node_id.size(); i < slab.fields[pressure].values.size(); ++i)
      slab.fields[pressure].values[i] = 50;
  };
  EXPECT_EQ(in_prediction(model, last_frame, 0), "");
  EXPECT_NE(in_prediction(model, last_frame, 2).find("field 'pressure' is 50, outside"), std::string::npos);
}

}  // namespace
}  // namespace halograph::train
