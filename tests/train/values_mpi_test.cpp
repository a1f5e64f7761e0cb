// SPDX-License-Identifier: BSD-3-Clause
// Every number of a training step from its formula: losses, norms of gradients, rates, updates, and the losses of
// trivial predictions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/train/baseline.hpp>

#include "tests/support/problems/small_training.hpp"

namespace halograph::train {
namespace {

using testing::small_case;
using testing::small_config;
using testing::small_slab;

using Rows = std::vector<double>;

class Values : public ::testing::Test {
 protected:
  /// The values of all ranks.
  Rows whole(const Tensor& x) const {
    const Rows mine = x.to_vector<double>();
    return world.all_gather_v(std::span<const double>(mine));
  }
  Communicator world{MPI_COMM_WORLD};
  const testing::Messages unread;
};

Rows all_of(const std::vector<NamedTensor>& tensors) {
  Rows all;
  for (const NamedTensor& tensor : tensors)
    for (const double value : tensor.value.to_vector<double>()) all.push_back(value);
  return all;
}

double mean_loss(const Rows& a, const Rows& b, bool square) {
  long double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += square ? (a[i] - b[i]) * (a[i] - b[i]) : std::abs(a[i] - b[i]);
  return double(sum / (long double)(a.size()));
}

/// All gradients of the loss of a pair, by the network as it stands.
Rows gradient_of(const MeshTraining& trainer, std::size_t pair) {
  const Tensor output = trainer.net()(trainer.data().graph(), trainer.data().input[pair], trainer.data().edges);
  const Tensor loss = trainer.config().loss == Loss::mean_square_error
                          ? ops::mean_square_error(output, trainer.data().target[pair])
                          : ops::mean_absolute_error(output, trainer.data().target[pair]);
  Rows all;
  for (const Tensor& gradient : grad(loss, trainer.net())) {
    gradient.complete();
    for (const double value : gradient.to_vector<double>()) all.push_back(value);
  }
  return all;
}

double norm_of(const Rows& values) {
  long double sum = 0;
  for (const double value : values) sum += (long double)(value)*value;
  return double(std::sqrt(sum));
}

TEST_F(Values, LossAndGradientNormAreThoseOfThePairThatIsDue) {
  for (const char* loss : {"mean_square_error", "mean_absolute_error"}) {
    const Config config = small_config("", {"dtype=f64", std::string("loss=") + loss, "clip.norm=0.05"});
    const Case data = small_case(world, config, 4);
    ASSERT_EQ(data.target.size(), 3u);
    MeshTraining trainer(data, config);
    for (std::size_t step = 0; step < 7; ++step) {
      const std::size_t pair = step % 3;
      const Tensor output = trainer.net()(data.graph(), data.input[pair], data.edges).detach();
      const double expected =
          mean_loss(whole(output), whole(data.target[pair]), config.loss == Loss::mean_square_error);
      const double norm = norm_of(gradient_of(trainer, pair));
      const StepReport report = trainer.step();
      EXPECT_NEAR(report.loss, expected, 1e-13 * expected) << loss << ", step " << step + 1;
      EXPECT_NEAR(report.gradient_norm, norm, 1e-13 * norm) << "before clipping";
      EXPECT_GT(report.seconds, 0);
    }
  }
}

TEST_F(Values, TheTargetLiesAsManyFramesAheadAsTheShiftSays) {
  for (const std::size_t shift : {0u, 1u, 2u, 3u}) {
    const Config config = small_config("", {cat("target_shift=", shift), "dtype=f64", "normalise=false"});
    const Case data = small_case(world, config, 5);
    ASSERT_EQ(data.target.size(), 5 - shift);
    const GraphSlab slab = small_slab(world, 5);
    const std::size_t n = 3 * slab.node_id.size();
    for (std::size_t k = 0; k < data.target.size(); ++k) {
      const Rows target = data.distributed.nodes.backward(data.target[k].to_vector<double>(), 3);
      const Rows input = data.distributed.nodes.backward(data.input[k].to_vector<double>(), 4);
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_EQ(target[i], slab.fields[0].values[(k + shift) * n + i]);
        EXPECT_EQ(input[i / 3 * 4 + i % 3], slab.fields[0].values[k * n + i]);
      }
    }
  }
}

TEST_F(Values, RatesFollowTheSchedule) {
  const auto rates = [&](std::vector<std::string> settings) {
    settings.insert(settings.end(), {"schedule.rate=0.02", "schedule.floor=0.002", "schedule.factor=0.3", "steps=9"});
    const Config config = small_config("", settings);
    const Case data = small_case(world, config, 2);
    MeshTraining trainer(data, config);
    trainer.run();
    Rows all;
    for (const StepReport& report : trainer.history()) all.push_back(report.rate);
    return all;
  };
  const Rows constant = rates({"schedule.type=constant", "schedule.warmup_steps=0"});
  const Rows warm = rates({"schedule.type=constant", "schedule.warmup_steps=4"});
  const Rows cosine = rates({"schedule.type=cosine", "schedule.warmup_steps=3"});
  const Rows stairs = rates({"schedule.type=step", "schedule.every=2", "schedule.warmup_steps=0"});
  ASSERT_EQ(constant.size(), 9u);
  for (int step = 1; step <= 9; ++step) {
    const std::size_t i = std::size_t(step) - 1;
    EXPECT_DOUBLE_EQ(constant[i], 0.02);
    EXPECT_DOUBLE_EQ(warm[i], step <= 4 ? 0.02 * step / 4 : 0.02) << step;
    const double down =
        0.002 + 0.018 * (1 + std::cos(std::numbers::pi * (step - 4) / 6)) / 2;  // six steps after warming up
    EXPECT_NEAR(cosine[i], step <= 3 ? 0.02 * step / 3 : down, 1e-16) << step;
    EXPECT_NEAR(stairs[i], 0.02 * std::pow(0.3, (step - 1) / 2), 1e-17) << step;
  }
}

/// Parameters after two steps of the trainer and, by `formula`, of what the configuration says.
template <class Formula>
void expect_update(const Communicator& world, const std::vector<std::string>& settings, Formula formula) {
  std::vector<std::string> all{"dtype=f64", "schedule.type=constant", "schedule.warmup_steps=0", "schedule.rate=0.05"};
  all.insert(all.end(), settings.begin(), settings.end());
  const Config config = small_config("", all);
  const Case data = small_case(world, config, 3);
  MeshTraining trainer(data, config);
  Rows expected = all_of(parameters(trainer.net()));
  for (std::size_t step = 1; step <= 2; ++step) {
    Rows gradient = gradient_of(trainer, step - 1);
    formula(expected, gradient, double(step));
    trainer.step();
    const Rows found = all_of(parameters(trainer.net()));
    for (std::size_t i = 0; i < found.size(); ++i)
      ASSERT_NEAR(found[i], expected[i], 1e-13) << settings[0] << ", step " << step;
  }
}

TEST_F(Values, UpdatesAreThoseOfStochasticGradientDescent) {
  const auto plain = [](Rows& p, const Rows& g) {
    for (std::size_t i = 0; i < p.size(); ++i) p[i] -= 0.05 * g[i];
  };
  expect_update(world, {"optimizer.type=sgd"}, [&](Rows& p, Rows& g, double) { plain(p, g); });
  expect_update(world, {"optimizer.type=sgd", "clip.value=0.01"}, [&](Rows& p, Rows& g, double) {
    for (double& x : g) x = std::clamp(x, -0.01, 0.01);
    plain(p, g);
  });
  expect_update(world, {"optimizer.type=sgd", "clip.norm=0.1"}, [&](Rows& p, Rows& g, double) {
    const double norm = norm_of(g);
    ASSERT_GT(norm, 0.1);
    for (double& x : g) x *= 0.1 / norm;
    plain(p, g);
  });
  Rows velocity;
  expect_update(
      world, {"optimizer.type=sgd", "optimizer.momentum=0.7", "optimizer.nesterov=true", "optimizer.weight_decay=0.02"},
      [&](Rows& p, Rows& g, double step) {
        if (step == 1) velocity.assign(p.size(), 0);
        for (std::size_t i = 0; i < p.size(); ++i) {
          const double d = g[i] + 0.02 * p[i];
          velocity[i] = step == 1 ? d : 0.7 * velocity[i] + d;
          p[i] -= 0.05 * (d + 0.7 * velocity[i]);
        }
      });
}

TEST_F(Values, UpdatesAreThoseOfAdam) {
  Rows m, v;
  for (const bool decoupled : {false, true})
    expect_update(world,
                  {decoupled ? "optimizer.type=adamw" : "optimizer.type=adam", "optimizer.beta1=0.6",
                   "optimizer.beta2=0.8", "optimizer.epsilon=0.01", "optimizer.weight_decay=0.03"},
                  [&](Rows& p, Rows& g, double step) {
                    if (step == 1) {
                      m.assign(p.size(), 0);
                      v.assign(p.size(), 0);
                    }
                    for (std::size_t i = 0; i < p.size(); ++i) {
                      const double d = decoupled ? g[i] : g[i] + 0.03 * p[i];
                      if (decoupled) p[i] -= 0.05 * 0.03 * p[i];
                      m[i] = 0.6 * m[i] + 0.4 * d;
                      v[i] = 0.8 * v[i] + 0.2 * d * d;
                      p[i] -= 0.05 * m[i] / (1 - std::pow(0.6, step)) /
                              (std::sqrt(v[i] / (1 - std::pow(0.8, step))) + 0.01);
                    }
                  });
}

TEST_F(Values, TrivialLossesAreThoseOfTheMeanAndOfNoChange) {
  for (const bool normalise : {true, false})
    for (const bool square : {true, false}) {
      constexpr std::size_t frames = 5, shift = 2, pairs = frames - shift;
      const Config config =
          small_config("", {"target_shift=2", "dtype=f64", cat("normalise=", normalise ? "true" : "false"),
                            square ? "loss=mean_square_error" : "loss=mean_absolute_error"});
      const Case data = small_case(world, config, frames);
      const BaselineLoss found = baseline_loss(data, config);
      const GraphSlab slab = spectral_box({{3, 2, 2}, 2}, 0, 1);
      GraphSlab flow = slab;
      std::vector<double> times;
      for (std::size_t k = 0; k < frames; ++k) times.push_back(1.5 * double(k));
      add_taylor_green(flow, times);
      const Rows& u = flow.fields[0].values;
      const std::size_t n = flow.node_id.size();
      const auto at = [&](std::size_t frame, std::size_t node, std::size_t c) { return u[(frame * n + node) * 3 + c]; };
      double of_mean = 0, of_no_change = 0;
      for (std::size_t c = 0; c < 2; ++c) {  // the third is 0
        double all_mean = 0, mean = 0, variance = 0;
        for (std::size_t k = 0; k < frames; ++k)
          for (std::size_t i = 0; i < n; ++i) {
            all_mean += at(k, i, c) / double(frames * n);
            if (k >= shift) mean += at(k, i, c) / double(pairs * n);
          }
        for (std::size_t k = 0; k < frames; ++k)
          for (std::size_t i = 0; i < n; ++i) variance += std::pow(at(k, i, c) - all_mean, 2) / double(frames * n);
        const double scale = normalise ? std::sqrt(variance) + 1e-12 : 1;
        for (std::size_t k = shift; k < frames; ++k)
          for (std::size_t i = 0; i < n; ++i) {
            const double a = std::abs(at(k, i, c) - mean) / scale,
                         b = std::abs(at(k, i, c) - at(k - shift, i, c)) / scale;
            of_mean += (square ? a * a : a) / double(pairs * n * 3);
            of_no_change += (square ? b * b : b) / double(pairs * n * 3);
          }
      }
      EXPECT_NEAR(found.mean, of_mean, 1e-12 * of_mean);
      ASSERT_TRUE(found.no_change.has_value());
      EXPECT_NEAR(*found.no_change, of_no_change, 1e-12 * of_no_change);
    }
}

TEST_F(Values, WithoutTheTargetAmongEarlierInputsThereIsNoLossOfNoChange) {
  for (const std::vector<std::string>& settings : std::vector<std::vector<std::string>>{
           {"input=pressure"}, {"target_shift=0"}, {"input=velocity", "target=[\"velocity\",\"pressure\"]"}}) {
    const Config config = small_config("", settings);
    EXPECT_FALSE(baseline_loss(small_case(world, config, 3), config).no_change);
  }
  const Config one = small_config(
      "", {"input=pressure", "target_shift=0"});  // all frames are targets: their mean is 0, their variance 1
  EXPECT_NEAR(baseline_loss(small_case(world, one, 3), one).mean, 2.0 / 3,
              1e-6);  // of two channels, the third is constant
}

}  // namespace
}  // namespace halograph::train
