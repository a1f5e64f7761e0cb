// SPDX-License-Identifier: BSD-3-Clause
// The fused perceptron has the bits of the single operations, whatever its widths, its rows and what is asked of
// its gradient.
#include <limits>

#include <halograph/core/error.hpp>
#include <halograph/ops/mlp.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/composed.hpp"
#include "tests/ops/same_as_composed.hpp"
#include "tests/support/problems/mlp_shape.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;
using Widths = std::vector<std::int64_t>;

/// Rows of the given columns side by side, and the network on them.
struct Problem {
  Widths inputs;
  MlpShape shape;
  std::int64_t rows = 37;
  Where where = Where::replicated;
  bool integers = false;

  std::string describe() const {
    std::string text = cat(rows, " rows of");
    for (const std::int64_t cols : inputs) text += cat(" ", cols);
    return cat(text, ", ", shape.describe());
  }
  std::vector<Operand> operands() const {
    std::vector<Operand> list;
    std::int64_t in = 0;
    for (const std::int64_t cols : inputs) {
      list.push_back({where, cols, rows});
      in += cols;
    }
    for (const Operand& operand : mlp_parameters(shape, in)) list.push_back(operand);
    return list;
  }
};

const Graph& graph() {
  static const Graph one = make_graph(Communicator(), {90, 700, 7}, Device::host());
  return one;
}

Tensors random_operands(const Problem& problem, DType dtype) {
  OpCase c;
  c.operands = problem.operands();
  return random_operands(graph(), c, dtype, problem.integers);
}

Form form(const Problem& problem, decltype(ops::mlp)& mlp) {
  return [problem, &mlp](const Tensors& x) {
    const std::size_t n = problem.inputs.size();
    return Tensors{mlp(std::span(x).first(n), mlp_layers(problem.shape, x, n))};
  };
}

void check(const Problem& problem, DType dtype, const Numbers& by) {
  SCOPED_TRACE(problem.describe());
  expect_same_as_composed(form(problem, ops::mlp), form(problem, ops::composed_mlp), random_operands(problem, dtype),
                          by, {0}, problem.integers);
}

void check(const Problem& problem, DType dtype) { check(problem, dtype, first_numbers(problem.operands().size())); }

TEST(Mlp, EveryWidth) {
  const Widths widths{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40, 64};
  for_each_number([&](DType dtype) {
    for (std::size_t in = 0; in < widths.size(); ++in)
      for (std::size_t out = 0; out < widths.size(); ++out) {
        const std::int64_t hidden = widths[(5 * in + 7 * out) % widths.size()];
        const auto rows = std::int64_t(1 + mix(in * 100 + out) % 70);
        check({{widths[in]}, {{hidden, widths[out]}, Activation::relu, ~0u, true, true, in == out}, rows}, dtype);
      }
  });
}

TEST(Mlp, EveryNumberOfRows) {
  for_each_number([&](DType dtype) {
    for (std::int64_t rows = 1; rows <= 200; ++rows)
      check({{5, 1}, {{17, 9, 5}, Activation::elu, 0b101, true, true, true}, rows}, dtype);
    check({{3}, {{4, 3}, Activation::tanh}, 0}, dtype);
    check({{3}, {{4, 3}, Activation::tanh}, 3000}, dtype);
  });
}

TEST(Mlp, EveryDepth) {
  for_each_number([&](DType dtype) {
    for (std::size_t depth = 1; depth <= 16; ++depth) {
      Widths widths(depth, 6);
      for (std::size_t k = 0; k + 1 < depth; k += 2) widths[k] = std::int64_t(3 + 4 * k);
      check({{6}, {widths, Activation::sigmoid, 0x5af7u, true, true, true}}, dtype);
    }
  });
}

TEST(Mlp, EveryCombination) {
  for_each_number([&](DType dtype) {
    for (const Activation activation : every_activation)
      for (const Widths& inputs : {Widths{7}, Widths{7, 2}, Widths{7, 16, 1}, Widths{7, 1, 2, 3}})
        for (const unsigned biases : {~0u, 0u, 1u, 2u})
          for (const int norm : {0, 1, 2})
            for (const bool residual : {false, true})
              for (const bool activate_last : {false, true})
                check({inputs, {{12, 7}, activation, biases, norm > 0, norm > 1, residual, 0.01, activate_last}},
                      dtype);
  });
}

// The second operand is a factor for each row.
TEST(Mlp, ScaledRows) {
  for_each_number([&](DType dtype) {
    for (const bool activate_last : {false, true})
      for (const bool residual : {false, true})
        for (const std::int64_t out : {1, 3, 7, 20, 33}) {
          const MlpShape shape{{12, out}, Activation::silu, ~0u, false, false, residual, 0.01, activate_last};
          OpCase c;
          c.operands = {{Where::edges, out}, {Where::edges, 1}};
          for (const Operand& operand : mlp_parameters(shape, out)) c.operands.push_back(operand);
          const auto with = [&shape](decltype(ops::mlp)& mlp) {
            return [&shape, &mlp](const Tensors& x) {
              ops::MlpLayers layers = mlp_layers(shape, x, 2);
              layers.scale = x[1];
              return Tensors{mlp(std::span(x).first(1), layers)};
            };
          };
          const Tensors x = random_operands(graph(), c, dtype);
          for (const Numbers& by : {first_numbers(x.size()), Numbers{0}, Numbers{1}, Numbers{2, 3}})
            expect_same_as_composed(with(ops::mlp), with(ops::composed_mlp), x, by, {0});
        }
  });
}

// Exact zeros of either sign, and the kinks of activations.
TEST(Mlp, SmallIntegers) {
  for_each_number([&](DType dtype) {
    for (const Activation activation : every_activation)
      for (const bool norm : {false, true})
        check({{3, 2}, {{5, 9, 3}, activation, ~0u, norm, norm, true, 0.01, !norm}, 75, Where::replicated, true},
              dtype);
  });
}

TEST(Mlp, RowsOfAGraphWithAnEmptyPatch) {
  for_each_number([&](DType dtype) {
    for (const Where where : {Where::nodes, Where::edges})
      check({{8, 3}, {{16, 8}, Activation::elu, ~0u, true, true, true}, 0, where}, dtype);
  });
}

// Operands: inputs 0 and 1, weights 2 and 4, biases 3 and 5, norm 6 and 7.
TEST(Mlp, WhatIsNotWantedDoesNotMatter) {
  const Problem problem{{6, 3}, {{8, 6}, Activation::tanh, ~0u, true, true, true}, 53};
  for_each_number([&](DType dtype) {
    for (const Numbers& by : {Numbers{0}, Numbers{1}, Numbers{0, 1}, Numbers{2, 3, 4, 5, 6, 7}, Numbers{2}, Numbers{5},
                              Numbers{7}, Numbers{1, 6}}) {
      SCOPED_TRACE(by.front());
      check(problem, dtype, by);
    }
  });
}

// Operands that are columns of wider ones, and a cotangent that is, too.
TEST(Mlp, OperandsWithGapsBetweenRows) {
  const MlpShape shape{{5, 4}, Activation::tanh, ~0u, true, true, true};
  const auto with = [&](decltype(ops::mlp)& mlp) {
    return [&shape, &mlp](const Tensors& wide) {
      Tensors x;
      for (const Tensor& operand : wide) x.push_back(ops::slice_columns(operand, 2, operand.cols() - 3));
      const Tensor y = mlp(std::span(x).first(1), mlp_layers(shape, x, 1));
      return Tensors{ops::concatenate(Tensors{y, wide[0]})};
    };
  };
  OpCase wide;
  wide.operands = {{Where::replicated, 4, 61}};
  for (const Operand& operand : mlp_parameters(shape, 4)) wide.operands.push_back(operand);
  for (Operand& operand : wide.operands) operand.cols += 3;
  for_each_number([&](DType dtype) {
    const Tensors x = random_operands(graph(), wide, dtype);
    expect_same_as_composed(with(ops::mlp), with(ops::composed_mlp), x, first_numbers(x.size()), {0});
  });
}

// Gradients that meet in one operand do so in the order of single operations.
TEST(Mlp, OperandsInSeveralPlaces) {
  OpCase shared;
  shared.operands = {
      {Where::replicated, 4, 61}, {Where::replicated, 8, 4}, {Where::replicated, 4, 4}, {Where::replicated, 4}};
  const auto form = [](decltype(ops::mlp)& mlp) {
    return [&mlp](const Tensors& x) {
      const ops::MlpLayers layers{
          {x[1], x[2], x[2], x[2]}, {x[3], x[3], x[3], x[3]}, Activation::tanh, true, x[3], x[3], 0.01, true};
      return Tensors{mlp(Tensors{x[0], x[0]}, layers)};
    };
  };
  for_each_number([&](DType dtype) {
    expect_same_as_composed(form(ops::mlp), form(ops::composed_mlp), random_operands(graph(), shared, dtype),
                            first_numbers(4), {0});
  });
}

TEST(Mlp, NetworksThatDoNotFitAreComposed) {
  for_each_number([&](DType dtype) { check({{4}, {Widths(17, 4), Activation::tanh}}, dtype); });
}

/// The elements of `y` outside row `bad` are those of `clean`, and row `bad` is not.
void expect_only_row(std::int64_t bad, const Tensor& y, const Tensor& clean) {
  const std::vector<double> found = y.to_vector<double>(), expected = clean.to_vector<double>();
  bool differs = false;
  for (std::int64_t i = 0; i < y.rows() * y.cols(); ++i) {
    const bool same = std::memcmp(&found[std::size_t(i)], &expected[std::size_t(i)], sizeof(double)) == 0;
    if (i / y.cols() == bad) differs = differs || !same;
    else ASSERT_TRUE(same) << "row " << i / y.cols() << " of " << y.rows() << " with row " << bad << " spoilt";
  }
  EXPECT_TRUE(differs);
}

TEST(Mlp, WhatIsNotANumberStaysInItsRow) {
  const Problem problem{{4}, {{9, 4}, Activation::elu, ~0u, true, true, true}, 131};
  using Limits = std::numeric_limits<double>;
  for_each_number([&](DType dtype) {
    const Tensors clean = random_operands(problem, dtype);
    const auto rows_and_gradient = [&](const Tensor& x, const Tensor& seed) {
      Tensors all = clean;
      all[0] = x.detach().set_requires_grad();
      const Tensor y = form(problem, ops::mlp)(all)[0];
      return Tensors{y, grad(std::span(&y, 1), std::span(&seed, 1), std::span(all).first(1))[0]};
    };
    const Tensor seed = random_like(clean[0], 3);
    const Tensors expected = rows_and_gradient(clean[0], seed);
    for (const std::int64_t bad : {0, 1, 63, 64, 95, 96, 129, 130})
      for (const double value : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
        const auto spoilt = [&](const Tensor& rows) {
          std::vector<double> values = rows.to_vector<double>();
          values[std::size_t(bad * 4 + 2)] = value;
          return Tensor::from(values, rows.rows(), rows.cols(), dtype, nullptr, rows.device());
        };
        const Tensors forward = rows_and_gradient(spoilt(clean[0]), seed);
        expect_only_row(bad, forward[0], expected[0]);
        expect_only_row(bad, forward[1], expected[1]);
        expect_only_row(bad, rows_and_gradient(clean[0], spoilt(seed))[1], expected[1]);
      }
  });
}

}  // namespace
}  // namespace halograph::testing
