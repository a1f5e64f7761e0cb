// SPDX-License-Identifier: BSD-3-Clause
// The rate of every step against the formulas of schedule.hpp, computed here with the math library.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/optim/schedule.hpp>

namespace halograph::testing {
namespace {

constexpr double pi = 3.14159265358979323846;

TEST(Schedule, ConstantIsTheRateInEveryStep) {
  const optim::Schedule rate = optim::constant(0.3);
  for (const std::int64_t step : {1, 2, 1000000}) EXPECT_EQ(rate(step), 0.3);
}

TEST(Schedule, WarmUpRisesLinearlyAndThenCountsTheNextFromOne) {
  const auto counted = [](std::int64_t step) { return 100.0 + double(step); };
  for (const std::int64_t warm : {1, 2, 7}) {
    const optim::Schedule rate = optim::warmup(0.3, warm, counted);
    for (std::int64_t step = 1; step <= warm; ++step) EXPECT_DOUBLE_EQ(rate(step), 0.3 * double(step) / double(warm));
    EXPECT_EQ(rate(warm), 0.3);
    for (std::int64_t step = 1; step <= 5; ++step) EXPECT_EQ(rate(warm + step), 100.0 + double(step));
  }
}

TEST(Schedule, WarmUpOfNoStepsIsTheNext) {
  const optim::Schedule rate = optim::warmup(0.3, 0, [](std::int64_t step) { return 100.0 + double(step); });
  for (std::int64_t step = 1; step <= 3; ++step) EXPECT_EQ(rate(step), 100.0 + double(step));
}

TEST(Schedule, CosineFallsFromTheRateAtTheFirstStep) {
  constexpr double rate = 0.3, floor = 0.02;
  for (const std::int64_t steps : {1, 2, 10}) {
    const optim::Schedule schedule = optim::cosine_decay(rate, floor, steps);
    EXPECT_EQ(schedule(1), rate);
    for (std::int64_t step = 1; step <= 3 * steps; ++step) {
      const double done = double(std::min(step - 1, steps)) / double(steps);
      EXPECT_NEAR(schedule(step), floor + (rate - floor) * (1 + std::cos(pi * done)) / 2, 1e-15) << "step " << step;
      EXPECT_EQ(schedule(step) == floor, step > steps) << "step " << step;
    }
  }
}

TEST(Schedule, CosineIsHalfwayInTheMiddle) {
  EXPECT_NEAR(optim::cosine_decay(1, 0, 8)(5), 0.5, 1e-15);
  EXPECT_NEAR(optim::cosine_decay(3, 1, 100)(51), 2, 1e-15);
}

TEST(Schedule, StepDecayMultipliesAfterEverySoManySteps) {
  for (const std::int64_t every : {1, 3, 10}) {
    const optim::Schedule rate = optim::step_decay(0.3, 0.5, every);
    for (std::int64_t step = 1; step <= 4 * every + 1; ++step)
      EXPECT_DOUBLE_EQ(rate(step), 0.3 * std::pow(0.5, double((step - 1) / every))) << "step " << step;
    EXPECT_EQ(rate(every), 0.3);
    EXPECT_EQ(rate(every + 1), 0.15);
  }
  EXPECT_EQ(optim::step_decay(0.3, 0.5, 1)(1000000), 0);
}

TEST(Schedule, WarmUpIntoACosineMeetsItAtItsTop) {
  const optim::Schedule rate = optim::warmup(0.3, 4, optim::cosine_decay(0.3, 0.1, 6));
  EXPECT_EQ(rate(4), 0.3);
  EXPECT_EQ(rate(5), 0.3);
  EXPECT_NEAR(rate(6), 0.1 + 0.2 * (1 + std::cos(pi / 6)) / 2, 1e-15);
  EXPECT_LT(rate(6), 0.3);
  EXPECT_GT(rate(10), 0.1);
  EXPECT_EQ(rate(11), 0.1);
}

TEST(Schedule, RefusesWhatHasNoMeaning) {
  EXPECT_THROW(optim::warmup(0.3, -1, optim::constant(1)), UsageError);
  EXPECT_THROW(optim::cosine_decay(0.3, 0, 0), UsageError);
  EXPECT_THROW(optim::step_decay(0.3, 0.5, 0), UsageError);
}

}  // namespace
}  // namespace halograph::testing
