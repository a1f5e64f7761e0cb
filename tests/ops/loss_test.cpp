// SPDX-License-Identifier: BSD-3-Clause
// Losses and accuracy on numbers that can be checked by hand, at their edges, and refused. The list of operations has
// random ones with all derivatives.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/loss.hpp>

#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

Tensor matrix(const std::vector<double>& values, std::int64_t rows, DType dtype = DType::f64) {
  return Tensor::from(values, rows, std::int64_t(values.size()) / rows, dtype, nullptr, Device::host());
}
Labels labels(std::vector<std::int32_t> label, std::int64_t n) { return Labels(std::move(label), n, Device::host()); }

TEST(Loss, MeansAreOverRowsAndColumns) {
  const Tensor x = matrix({1, 2, 3, 4, 5, 6}, 2), y = matrix({1, 0, 3, 8, 5, 5}, 2);
  EXPECT_DOUBLE_EQ(ops::mean_square_error(x, y).item(), (4 + 16 + 1) / 6.0);
  EXPECT_DOUBLE_EQ(ops::mean_absolute_error(x, y).item(), (2 + 4 + 1) / 6.0);
}

TEST(Loss, WeightedMeanIsOverWeightsAndColumns) {
  const Tensor x = matrix({1, 2, 3, 4, 5, 6}, 2), y = matrix({1, 0, 3, 8, 5, 5}, 2);
  EXPECT_DOUBLE_EQ(ops::weighted_mean_square_error(x, y, matrix({1, 1}, 2)).item(),
                   ops::mean_square_error(x, y).item());
  EXPECT_DOUBLE_EQ(ops::weighted_mean_square_error(x, y, matrix({3, 0.5}, 2)).item(), (3 * 4 + 0.5 * 17) / (3 * 3.5));
  EXPECT_DOUBLE_EQ(ops::weighted_mean_square_error(x, y, matrix({0, 2}, 2)).item(), 17 / 3.0);
}

TEST(Loss, HuberIsSquareInsideAndLinearBeyond) {
  const Tensor zero = matrix({0, 0, 0, 0}, 1), x = matrix({0.25, -0.5, 2, -10}, 1);
  EXPECT_DOUBLE_EQ(ops::huber(x, zero, 0.5).item(), (0.03125 + 0.125 + 0.5 * 1.75 + 0.5 * 9.75) / 4);
  EXPECT_DOUBLE_EQ(ops::huber(x, zero).item(), (0.03125 + 0.125 + 1.5 + 9.5) / 4);
  EXPECT_THROW(ops::huber(x, zero, 0), UsageError);
  EXPECT_THROW(ops::huber(x, zero, -1), UsageError);
}

TEST(CrossEntropy, OfEqualLogitsIsTheLogarithmOfTheirNumber) {
  EXPECT_NEAR(ops::cross_entropy(matrix({7, 7, 7, 7, -2, -2, -2, -2}, 2), labels({1, 3}, 4)).item(), std::log(4.0),
              1e-15);
  EXPECT_NEAR(ops::cross_entropy(matrix({0, std::log(3.0)}, 1), labels({1}, 2)).item(), std::log(4.0 / 3), 1e-15);
  EXPECT_NEAR(ops::cross_entropy(matrix({0, std::log(3.0)}, 1), labels({0}, 2)).item(), std::log(4.0), 1e-15);
}

TEST(CrossEntropy, SmoothingSpreadsALabel) {
  const double right = std::log(4.0 / 3), wrong = std::log(4.0);
  EXPECT_NEAR(ops::cross_entropy(matrix({0, std::log(3.0)}, 1), labels({1}, 2), {.label_smoothing = 0.2}).item(),
              0.9 * right + 0.1 * wrong, 1e-15);
}

TEST(CrossEntropy, LeavesOutRowsWithoutLabelOrWeight) {
  const Tensor x = matrix({0, 1, 5, -5, 2, 2}, 3);
  const double first = std::log(1 + std::exp(1.0)), last = std::log(2.0);
  EXPECT_NEAR(ops::cross_entropy(x, labels({0, Labels::none, 1}, 2)).item(), (first + last) / 2, 1e-15);
  const Tensor weight = matrix({3, 0, 1}, 3);
  EXPECT_NEAR(ops::cross_entropy(x, labels({0, 1, 1}, 2), {.weight = weight}).item(), (3 * first + last) / 4, 1e-15);
}

TEST(CrossEntropy, OfHugeLogitsIsTheirDifference) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Tensor x = matrix({1e4, -1e4, 0}, 1, dtype);
    x.set_requires_grad();
    const Tensor right = ops::cross_entropy(x, labels({0}, 3)), wrong = ops::cross_entropy(x, labels({1}, 3));
    EXPECT_EQ(right.item(), 0);
    EXPECT_EQ(wrong.item(), 2e4);
    EXPECT_EQ(grad(right, std::vector{x})[0].to_vector<double>(), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(grad(wrong, std::vector{x})[0].to_vector<double>(), (std::vector<double>{1, -1, 0}));
  }
}

TEST(CrossEntropy, OfOneClassIsZero) { EXPECT_EQ(ops::cross_entropy(matrix({3, -4}, 2), labels({0, 0}, 1)).item(), 0); }

TEST(BinaryCrossEntropy, IsThatOfTheSigmoid) {
  EXPECT_NEAR(ops::binary_cross_entropy(matrix({0, 0}, 1), matrix({0, 1}, 1)).item(), std::log(2.0), 1e-15);
  EXPECT_NEAR(ops::binary_cross_entropy(matrix({std::log(3.0)}, 1), matrix({0.25}, 1)).item(),
              -0.25 * std::log(0.75) - 0.75 * std::log(0.25), 1e-15);
  for (const DType dtype : {DType::f32, DType::f64})
    EXPECT_EQ(
        ops::binary_cross_entropy(matrix({1e4, -1e4, 1e4, -1e4}, 1, dtype), matrix({1, 0, 0, 1}, 1, dtype)).item(),
        5e3);
  const Tensor x = matrix({0, 0, 1e3, 1e3}, 2), target = matrix({1, 1, 0, 0}, 2);
  EXPECT_NEAR(ops::binary_cross_entropy(x, target, matrix({1, 0}, 2)).item(), std::log(2.0), 1e-15);
}

TEST(Accuracy, CountsRowsWhoseLargestLogitIsTheLabel) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const Tensor x = matrix({1, 2, 0,                 //
                           3, 3, 1,                 //
                           3, 3, 1,                 //
                           nan, 0, 0,               //
                           -infinity, 0, infinity,  //
                           9, 0, 0},
                          6);
  const ops::Accuracy found = ops::accuracy(x, labels({1, 0, 1, 0, 2, Labels::none}, 3));
  EXPECT_EQ(found.correct, 3);
  EXPECT_EQ(found.total, 5);
  EXPECT_DOUBLE_EQ(found.value(), 0.6);
  EXPECT_EQ(ops::accuracy(x, labels({-1, -1, -1, -1, -1, -1}, 3)).value(), 0);
}

// A column against a table would be compared with each of its columns.
TEST(LossErrors, ShapesThatDiffer) {
  const Tensor table = matrix({1, 2, 3, 4}, 2), column = matrix({1, 2}, 2), row = matrix({1, 2}, 1);
  for (const auto loss : {ops::mean_square_error, ops::mean_absolute_error})
    for (const Tensor& other : {column, row}) {
      expect_refusal([&] { loss(table, other); }, {"[2, 2]", other.describe()});
      expect_refusal([&] { loss(other, table); }, {"[2, 2]", other.describe()});
    }
  expect_refusal([&] { ops::huber(table, column); }, {"huber", "[2, 2]", "[2, 1]"});
  expect_refusal([&] { ops::binary_cross_entropy(table, column); }, {"[2, 2]", "[2, 1]"});
  expect_refusal([&] { ops::binary_cross_entropy(table, table, row); }, {"[2, 2]", "[1, 2]", "weight"});
  expect_refusal([&] { ops::weighted_mean_square_error(table, table, row); }, {"[2, 2]", "[1, 2]", "weight"});
  expect_refusal([&] { ops::weighted_mean_square_error(table, table, table); }, {"weight"});
  expect_refusal([&] { ops::mean_square_error(table, Tensor()); }, {"undefined"});
  expect_refusal([&] { ops::mean_square_error(table, matrix({1, 2, 3, 4}, 2, DType::f32)); }, {"f32", "f64"});
}

TEST(LossErrors, Labels) {
  const Tensor x = matrix({1, 2, 3, 4}, 2);
  expect_refusal([] { labels({0, 2}, 2); }, {"label 2", "row 1", "0..1"});
  expect_refusal([] { labels({-2}, 2); }, {"label -2", "row 0"});
  expect_refusal([] { labels({}, 0); }, {"0 classes"});
  expect_refusal([&] { ops::cross_entropy(x, labels({0, 1}, 3)); }, {"[2, 2]", "3 classes"});
  expect_refusal([&] { ops::cross_entropy(x, labels({0}, 2)); }, {"[2, 2]", "rows"});
  expect_refusal([&] { ops::cross_entropy(x, labels({-1, -1}, 2)); }, {"none", "label"});
  expect_refusal([&] { ops::cross_entropy(x, labels({0, 1}, 2), {.label_smoothing = 1}); }, {"label_smoothing"});
  expect_refusal([&] { ops::cross_entropy(x, labels({0, 1}, 2), {.label_smoothing = -0.1}); }, {"label_smoothing"});
  expect_refusal(
      [&] {
        ops::cross_entropy(x, labels({0, 1}, 2), {.weight = matrix({1, 1}, 1)});
      },
      {"weight", "[1, 2]"});
  expect_refusal([&] { ops::accuracy(x, labels({0}, 2)); }, {"[2, 2]", "rows"});
  const Graph graph = make_graph(Communicator(), {40, 200, 7}, Device::host());
  expect_refusal([&] { Labels(graph.nodes(), {0, 1}, 2, Device::host()); }, {"2 labels", "40 rows"});
  expect_refusal(
      [&] { ops::cross_entropy(x, Labels(graph.nodes(), std::vector<std::int32_t>(40, 0), 2, Device::host())); },
      {"rows"});
}

}  // namespace
}  // namespace halograph::testing
