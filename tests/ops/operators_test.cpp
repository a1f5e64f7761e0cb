// SPDX-License-Identifier: BSD-3-Clause
// Operators are the operations that they stand for, to the bit, and so are their gradients.
#include <halograph/ops/operators.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/digests/bits.hpp"
#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

using Binary = std::function<Tensor(const Tensor&, const Tensor&)>;

class Operators : public ::testing::TestWithParam<DType> {
 protected:
  Tensor operand(const Operand& what, std::uint64_t salt) const {
    return random_operand(graph_, what, GetParam(), salt).set_requires_grad();
  }
  Tensor nodes(std::uint64_t salt, std::int64_t cols = 3) const {
    return operand({Where::nodes, cols, 1, Values::off_zero}, salt);
  }
  Tensor scalar(double number) const { return Tensor::full(1, 1, number, GetParam()); }

  /// Compares results, and gradients of a loss on which the cotangents depend.
  static void expect_same(const Tensor& found, const Tensor& expected, const Tensors& by, const char* what) {
    EXPECT_TRUE(same_bits(found, expected)) << what;
    EXPECT_EQ(found.row_space(), expected.row_space()) << what;
    const auto gradients = [&](const Tensor& y) { return grad(ops::sum(ops::square(y)), by); };
    const Tensors one = gradients(found), other = gradients(expected);
    for (std::size_t i = 0; i < by.size(); ++i) {
      EXPECT_TRUE(same_bits(one[i], other[i])) << what << ", gradient " << i;
      EXPECT_GT(to_array(one[i]).abs().maxCoeff(), 0) << what << ", gradient " << i;
    }
  }

  Graph graph_ = make_graph(Communicator(), {40, 200, 7}, Device::preferred());
};
INSTANTIATE_TEST_SUITE_P(InPrecision, Operators, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(Operators, OfTwoTensorsAreTheirOperations) {
  const struct {
    const char* name;
    Binary found, expected;
  } all[] = {{"+", [](auto& a, auto& b) { return a + b; }, ops::add},
             {"-", [](auto& a, auto& b) { return a - b; }, ops::subtract},
             {"*", [](auto& a, auto& b) { return a * b; }, ops::multiply},
             {"/", [](auto& a, auto& b) { return a / b; }, ops::divide}};
  const Tensor a = nodes(1);
  for (const auto& one : all)
    for (const Tensor& b : {nodes(2), nodes(3, 1), operand({Where::replicated, 3, 1, Values::off_zero}, 4),
                            operand({Where::replicated, 1, 1, Values::off_zero}, 5)})
      expect_same(one.found(a, b), one.expected(a, b), {a, b}, one.name);
}

TEST_P(Operators, OfOneTensorAreTheirOperations) {
  const Tensor x = nodes(1), matrix = operand({Where::replicated, 4, 3}, 2);
  expect_same(-x, ops::negate(x), {x}, "-x");
  expect_same(matmul(x, matrix), ops::product(x, matrix), {x, matrix}, "matmul");
}

TEST_P(Operators, TakeANumberForATensorOfThatValue) {
  const Tensor x = nodes(1);
  for (const double number : {0.3, -1.7, 3.0, 1e-3}) {
    const Tensor n = scalar(number), all = Tensor::full(x.rows(), 3, number, GetParam(), x.row_space(), x.device());
    const struct {
      const char* name;
      Tensor found, expected;
    } results[] = {{"x + n", x + number, x + n},   {"n + x", number + x, n + x},  {"x - n", x - number, x - n},
                   {"n - x", number - x, all - x}, {"x * n", x * number, x * n},  {"n * x", number * x, n * x},
                   {"x / n", x / number, x / all}, {"n / x", number / x, all / x}};
    for (const auto& result : results) {
      SCOPED_TRACE(cat(result.name, " with ", number));
      EXPECT_TRUE(same_bits(result.found, result.expected));
      EXPECT_EQ(result.found.row_space(), x.row_space());
      const auto slope = [&](const Tensor& y) { return to_array(grad(ops::sum(y), {&x, 1})[0]); };
      const Array found = slope(result.found), expected = slope(result.expected);
      EXPECT_LE((found - expected).abs().maxCoeff(),
                (GetParam() == DType::f64 ? 1e-15 : 1e-6) * expected.abs().maxCoeff());
      EXPECT_GT(expected.abs().maxCoeff(), 0);
    }
  }
}

TEST_P(Operators, DivideByANumberWithOneRounding) {
  const Tensor x = nodes(1);
  const std::vector<double> from = x.to_vector<double>(), found = (x / 3).to_vector<double>(),
                            inverse = (1 / x).to_vector<double>(), product = (x * (1.0 / 3)).to_vector<double>();
  int twice = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool single = GetParam() == DType::f32;
    EXPECT_EQ(found[i], single ? double(float(from[i]) / 3.0f) : from[i] / 3);
    EXPECT_EQ(inverse[i], single ? double(1.0f / float(from[i])) : 1 / from[i]);
    twice += product[i] != found[i];
  }
  EXPECT_GT(twice, 0) << "no value shows the difference to a product";
}

TEST_P(Operators, WriteFormulas) {
  const Tensor a = nodes(1), b = nodes(2);
  const Tensor found = 2 * a - b / (1 + a * a) + -b;
  const Array x = to_array(a), y = to_array(b), expected = 2 * x - y / (1 + x * x) - y;
  const double tolerance = GetParam() == DType::f64 ? 1e-14 : 1e-5;
  EXPECT_LE((to_array(found) - expected).abs().maxCoeff(), tolerance * (1 + expected.abs().maxCoeff()));
  const Tensors slopes = grad(ops::sum(found), Tensors{a, b});
  EXPECT_LE((to_array(slopes[0]) - (2 + 2 * x * y / (1 + x * x).square())).abs().maxCoeff(), 10 * tolerance);
  EXPECT_LE((to_array(slopes[1]) + 1 / (1 + x * x) + 1).abs().maxCoeff(), 10 * tolerance);
}

TEST_P(Operators, RefuseWhatDoesNotFit) {
  const Tensor x = nodes(1), other = ops::cast(x, GetParam() == DType::f64 ? DType::f32 : DType::f64);
  EXPECT_THROW(x + other, UsageError);
  EXPECT_THROW(x * nodes(2, 2), UsageError);
  EXPECT_THROW(x / operand({Where::edges, 3}, 1), UsageError);
  EXPECT_THROW(matmul(x, operand({Where::replicated, 2, 4}, 2)), UsageError);
}

}  // namespace
}  // namespace halograph::testing
