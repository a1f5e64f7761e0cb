// SPDX-License-Identifier: BSD-3-Clause
// The numbers of a prediction from their formulas: fields from features that the test scales itself, scores from the
// fields.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <halograph/train/predict.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

using testing::Change;
using testing::small_case;
using testing::small_config;
using testing::small_slab;

class PredictValues : public ::testing::Test {
 protected:
  Model trained(const Config& config, const Change& change = {}) {
    const Case data = small_case(world, config, 4, change);
    MeshTraining trainer(data, config);
    trainer.run();
    save_model(path, trainer);
    return load_model(world, path);
  }

  /// Sum over all ranks, for comparisons with tolerance only.
  double total(double mine) const {
    double sum = 0;
    for (const double value : world.all_gather(mine)) sum += value;
    return sum;
  }

  const SlabField& field(const Prediction& prediction, const std::string& name) const {
    for (const SlabField& one : prediction.fields)
      if (one.name == name) return one;
    throw Error("no field " + name);
  }

  /// Scores of a channel from the fields, and of no change from the slab.
  void expect_scores(const Prediction& prediction, const GraphSlab& slab, std::size_t shift) {
    const std::size_t n = slab.node_id.size();
    std::size_t row = 0;
    for (const SlabField& source : slab.fields) {
      if (std::none_of(prediction.fields.begin(), prediction.fields.end(),
                       [&](const auto& f) { return f.name == source.name + "_true"; }))
        continue;
      const SlabField& predicted = field(prediction, source.name + "_predicted");
      const SlabField& error = field(prediction, source.name + "_error");
      const std::size_t channels = std::size_t(source.channels), frames = std::size_t(predicted.frames);
      const double count = total(double(frames * n));
      for (std::size_t c = 0; c < channels; ++c, ++row) {
        double square = 0, largest = 0, sum = 0, spread = 0, change = 0;
        const auto each = [&](auto see) {
          for (std::size_t i = 0; i < frames * n; ++i)
            see(i * channels + c, source.values[(i + shift * n) * channels + c]);
        };
        each([&](std::size_t i, double truth) {
          EXPECT_NEAR(error.values[i], predicted.values[i] - truth, 1e-9 * std::max(1.0, std::abs(truth)));
          square += std::pow(predicted.values[i] - truth, 2);
          largest = std::max(largest, std::abs(predicted.values[i] - truth));
          sum += truth;
          change += std::pow(source.values[i] - truth, 2);
        });
        const double mean = total(sum) / count;
        each([&](std::size_t, double truth) { spread += std::pow(truth - mean, 2); });
        const ChannelError& found = prediction.errors.at(row);
        EXPECT_EQ(found.name, channels == 1 ? source.name : cat(source.name, ".", c));
        EXPECT_NEAR(found.root_mean_square, std::sqrt(total(square) / count), 1e-9);
        EXPECT_NEAR(found.largest, world.max(largest), 1e-9);
        EXPECT_NEAR(found.deviation, std::sqrt(total(spread) / count), 1e-9);
        ASSERT_EQ(found.no_change.has_value(), shift > 0);
        EXPECT_NEAR(found.no_change.value_or(0), shift > 0 ? std::sqrt(total(change) / count) : 0, 1e-9);
        EXPECT_EQ(found.trivial(), shift > 0 ? std::min(found.deviation, *found.no_change) : found.deviation);
      }
    }
    EXPECT_EQ(prediction.errors.size(), row);
  }

  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  std::string path = scratch / "model.h5";
  const testing::Messages unread;
};

TEST_F(PredictValues, ScoresAreThoseOfTheFields) {
  for (const std::size_t shift : {0u, 1u, 2u})
    for (const char* normalise : {"true", "false"}) {
      const Config config = small_config("", {"dtype=f64", cat("target_shift=", shift), cat("normalise=", normalise),
                                              "target=[\"velocity\",\"pressure\"]"});
      const Model model = trained(config);
      const Prediction all = predict(world, model, small_slab(world, 4), {}, "g.h5");
      EXPECT_EQ(field(all, "velocity_predicted").frames, std::int64_t(4 - shift));
      expect_scores(all, small_slab(world, 4), shift);
      ASSERT_EQ(all.times.size(), 4 - shift);
      for (std::size_t k = 0; k < all.times.size(); ++k) EXPECT_EQ(all.times[k], 1.5 * double(k + shift));
    }
}

TEST_F(PredictValues, TheDeviationBesideALargeMeanKeepsItsDigits) {
  const Change atmosphere = [](GraphSlab& slab) {
    for (double& p : slab.fields[1].values) p = 101325.1 + 1e-4 * p;
  };
  const Config config = small_config("", {"dtype=f64", "target=pressure"});
  const Prediction found = predict(world, trained(config, atmosphere), small_slab(world, 4, atmosphere), {}, "g.h5");
  GraphSlab slab = small_slab(world, 4, atmosphere);
  expect_scores(found, slab, 1);
  EXPECT_GT(found.errors[0].deviation, 1e-6);
}

TEST_F(PredictValues, AFrameHasItsOwnScores) {
  const Config config = small_config("", {"dtype=f64"});
  const Model model = trained(config);
  const Prediction one = predict(world, model, small_slab(world, 4), 2, "g.h5");
  EXPECT_EQ(field(one, "velocity_predicted").frames, 1);
  EXPECT_EQ(one.times, std::vector<double>{4.5});
  GraphSlab slab = small_slab(world, 4);
  for (SlabField& f : slab.fields)
    f.values.erase(f.values.begin(),
                   f.values.begin() + std::ptrdiff_t(2 * slab.node_id.size() * std::size_t(f.channels)));
  expect_scores(one, slab, 1);
  const Prediction last = predict(world, model, small_slab(world, 4), 3, "g.h5");  // nothing is known of the next frame
  EXPECT_TRUE(last.errors.empty());
  EXPECT_EQ(last.fields.size(), 1u);
}

TEST_F(PredictValues, FieldsAreTheNetworkOnScaledFeatures) {
  const Config config = small_config("", {"dtype=f64"});
  const Model model = trained(config);
  const Prediction found = predict(world, model, small_slab(world, 4), {}, "g.h5");
  const auto scaled = [&](GraphSlab& slab) {
    for (SlabField& one : slab.fields) {
      const data::Statistics s = joined(model.scaling.statistics, {one.name});
      for (std::size_t i = 0; i < one.values.size(); ++i) {
        const std::size_t c = i % std::size_t(one.channels);
        one.values[i] = (one.values[i] - s.mean[c]) / (s.deviation[c] == 0 ? 1 : s.deviation[c] + 1e-12);
      }
    }
  };
  const Config as_it_is = small_config("", {"dtype=f64", "normalise=false"});
  const Case data = small_case(world, as_it_is, 4, scaled);
  const data::Statistics s = joined(model.scaling.statistics, {"velocity"});
  EXPECT_EQ(s.deviation[2], 0);
  const std::vector<double>& predicted = field(found, "velocity_predicted").values;
  std::size_t at = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const Tensor output = model.net(data.graph(), data.input[k], data.edges);
    for (const double value : data.distributed.nodes.backward(output.to_vector<double>(), 3)) {
      const std::size_t c = at % 3;
      EXPECT_NEAR(predicted[at], c == 2 ? s.mean[2] : s.mean[c] + value * (s.deviation[c] + 1e-12), 1e-12);
      ++at;
    }
  }
  EXPECT_EQ(at, predicted.size());
}

TEST_F(PredictValues, AConstantTargetIsPredictedAsItWas) {
  const Config config = small_config("", {"target=[\"rho\",\"pressure\"]"});
  const Change dense = [](GraphSlab& slab) {
    slab.fields.push_back({"rho", 1, 1, std::vector<double>(slab.node_id.size(), 1.2e-3)});
  };
  const Prediction found = predict(world, trained(config, dense), small_slab(world, 4, dense), {}, "g.h5");
  for (const double value : field(found, "rho_predicted").values) EXPECT_NEAR(value, 1.2e-3, 1e-15);
  EXPECT_NEAR(found.errors[0].root_mean_square, 0, 1e-15);
}

}  // namespace
}  // namespace halograph::train
