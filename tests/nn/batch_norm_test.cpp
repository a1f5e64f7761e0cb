// SPDX-License-Identifier: BSD-3-Clause
// The running averages of batch normalisation, by hand.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/norm/batch_norm.hpp>

#include "tests/support/denormals.hpp"

namespace halograph::testing {
namespace {

using Values = std::vector<double>;

Tensor column(const Values& x) { return Tensor::from(x, std::int64_t(x.size()), 1, DType::f64); }

double state_of(const nn::Model<nn::BatchNorm>& norm, const std::string& part) {
  for (const NamedTensor& named : state(norm))
    if (named.name == "bn.module." + part) return named.value.item();
  throw std::runtime_error("no " + part);
}

TEST(BatchNormAverages, FollowTheRowsWithTheirMomentum) {
  const auto norm = nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn", {.in_channels = 1, .momentum = 0.25});
  norm(column({1, 3}), nn::Mode::train());  // mean 2, unbiased variance 2
  EXPECT_DOUBLE_EQ(state_of(norm, "running_mean"), 0.5);
  EXPECT_DOUBLE_EQ(state_of(norm, "running_var"), 1.25);
  norm(column({4, 4, 7}), nn::Mode::train());  // mean 5, unbiased variance 3
  EXPECT_DOUBLE_EQ(state_of(norm, "running_mean"), 1.625);
  EXPECT_DOUBLE_EQ(state_of(norm, "running_var"), 0.75 * 1.25 + 0.75);
  EXPECT_EQ(state_of(norm, "num_batches_tracked"), 2);
  const double y = norm(column({2}), nn::Mode::evaluate()).item();
  EXPECT_DOUBLE_EQ(y, (2 - 1.625) / std::sqrt(0.75 * 1.25 + 0.75 + 1e-5));
  EXPECT_EQ(state_of(norm, "num_batches_tracked"), 2);
}

TEST(BatchNormAverages, CountAllTheSameWithoutMomentum) {
  const auto norm =
      nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn", {.in_channels = 1, .momentum = std::nullopt});
  for (const double shift : {0.0, 3.0, 6.0}) norm(column({1 + shift, 3 + shift}), nn::Mode::train());
  EXPECT_DOUBLE_EQ(state_of(norm, "running_mean"), 5);
  EXPECT_DOUBLE_EQ(state_of(norm, "running_var"), 2);
}

TEST(BatchNormAverages, OfNothingEndInZero) {
  const auto norm = nn::make<nn::BatchNorm>(Scope(Random(0), DType::f32) / "bn", {.in_channels = 1, .momentum = 0.5});
  const Tensor zeros = Tensor::zeros(3, 1, DType::f32);
  std::string found;
  if (denormals_are_visible)
    found = denormals_of([&] {
      for (int i = 0; i < 150; ++i) norm(zeros, nn::Mode::train());
    });
  EXPECT_EQ(found, "");
  for (int i = 0; i < 150; ++i) norm(zeros, nn::Mode::train());
  EXPECT_EQ(state_of(norm, "running_var"), 0);
}

TEST(BatchNormAverages, StandInForASingleRow) {
  const auto strict = nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn", {.in_channels = 1});
  EXPECT_THROW(strict(column({2}), nn::Mode::train()), UsageError);
  const auto lenient =
      nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn", {.in_channels = 1, .allow_single_element = true});
  EXPECT_DOUBLE_EQ(lenient(column({2}), nn::Mode::train()).item(), 2 / std::sqrt(1 + 1e-5));
}

TEST(BatchNormAverages, AreNotThereUntracked) {
  const auto norm = nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn",
                                            {.in_channels = 1, .affine = false, .track_running_stats = false});
  EXPECT_TRUE(state(norm).empty());
  EXPECT_DOUBLE_EQ(norm(column({1, 3}), nn::Mode::evaluate()).to_vector<double>()[1], 1 / std::sqrt(1 + 1e-5));
}

TEST(BatchNormRefuses, OptionsThatMakeNoSense) {
  EXPECT_THROW(nn::BatchNorm(Scope(Random(0), DType::f64) / "bn", {.in_channels = 0}), UsageError);
  EXPECT_THROW(nn::BatchNorm(Scope(Random(0), DType::f64) / "bn", {.in_channels = 1, .momentum = 1.5}), UsageError);
  EXPECT_THROW(nn::BatchNorm(Scope(Random(0), DType::f64) / "bn",
                             {.in_channels = 1, .track_running_stats = false, .allow_single_element = true}),
               UsageError);
  const auto norm = nn::make<nn::BatchNorm>(Scope(Random(0), DType::f64) / "bn", {.in_channels = 2});
  EXPECT_THROW(norm(column({1, 2}), nn::Mode::evaluate()), UsageError);
}

}  // namespace
}  // namespace halograph::testing
