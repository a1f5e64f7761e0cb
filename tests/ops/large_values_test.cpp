// SPDX-License-Identifier: BSD-3-Clause
// Values at arguments that a naive formula overflows on: softmax of large scores against the same in double with the
// largest taken away first, and activations with their slopes far from 0 against their limits.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

class LargeValues : public ::testing::TestWithParam<DType> {
 protected:
  double tolerance() const { return GetParam() == DType::f32 ? 2e-6 : 1e-13; }
  Tensor column(const std::vector<double>& values) const {
    return Tensor::from(values, std::int64_t(values.size()), 1, GetParam()).set_requires_grad();
  }
};
INSTANTIATE_TEST_SUITE_P(Types, LargeValues, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& type) { return std::string(name_of(type.param)); });

/// Softmax over the rows (of each column) that belong to one group, and its gradient for a cotangent.
struct Softmax {
  Array value, gradient;
  Softmax(const Array& x, const std::vector<std::int64_t>& group, std::int64_t groups, const Array& cotangent) {
    const double infinity = std::numeric_limits<double>::infinity();
    Array largest = Array::Constant(groups, x.cols(), -infinity), sum = Array::Zero(groups, x.cols()), dot = sum;
    value = gradient = x;
    for (Eigen::Index r = 0; r < x.rows(); ++r)
      largest.row(group[std::size_t(r)]) = largest.row(group[std::size_t(r)]).max(x.row(r));
    for (Eigen::Index r = 0; r < x.rows(); ++r) value.row(r) = (x.row(r) - largest.row(group[std::size_t(r)])).exp();
    for (Eigen::Index r = 0; r < x.rows(); ++r) sum.row(group[std::size_t(r)]) += value.row(r);
    for (Eigen::Index r = 0; r < x.rows(); ++r) value.row(r) /= sum.row(group[std::size_t(r)]);
    for (Eigen::Index r = 0; r < x.rows(); ++r) dot.row(group[std::size_t(r)]) += value.row(r) * cotangent.row(r);
    for (Eigen::Index r = 0; r < x.rows(); ++r)
      gradient.row(r) = value.row(r) * (cotangent.row(r) - dot.row(group[std::size_t(r)]));
  }
};

void expect_near(const Array& found, const Array& expected, double tolerance) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.cols(), expected.cols());
  EXPECT_TRUE(found.isFinite().all());
  EXPECT_LE((found - expected).abs().maxCoeff(), tolerance);
}

/// Scores of some size about some height: all far above, all far below, wide and narrow.
template <class Check>
void for_large_scores(const Graph& graph, Where where, DType dtype, const Check& check) {
  for (const double height : {0., 1e3, -1e3, 3e4})
    for (const double width : {1., 50., 1000.}) {
      SCOPED_TRACE(cat("scores of ", height, " +- ", width));
      check(ops::scale_shift(random_operand(graph, {where, 5}, dtype, 8), width, height).detach().set_requires_grad());
    }
}

TEST_P(LargeValues, OfScoresOfEdges) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  const Topology plain = topology(size);
  for_large_scores(graph, Where::edges, GetParam(), [&](const Tensor& x) {
    const Tensor seed = random_like(x, 9);
    const Softmax expected(to_array(x), plain.target, plain.nodes, to_array(seed));
    const Tensors y{ops::segment_softmax(graph, x)};
    expect_near(to_array(y[0]), expected.value, tolerance());
    expect_near(to_array(grad(y, Tensors{seed}, Tensors{x})[0]), expected.gradient, tolerance());
    // What aggregations make of it is between the smallest and the largest value.
    Array sums = Array::Zero(plain.nodes, x.cols());
    for (Eigen::Index e = 0; e < expected.value.rows(); ++e)
      sums.row(plain.target[std::size_t(e)]) += expected.value.row(e) * to_array(x).row(e);
    expect_near(to_array(ops::aggregate(graph, x, ops::Aggregation::softmax)), sums,
                tolerance() * (1 + to_array(x).abs().maxCoeff()));
  });
}

TEST_P(LargeValues, OfScoresOfNodes) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  std::vector<std::int32_t> number;
  std::vector<std::int64_t> group;
  for (std::int64_t r = 0; r < graph.n_nodes(); ++r) group.push_back(number.emplace_back(std::int32_t(r % 3)));
  const Batch batch(graph.nodes(), number, 3, graph.device());
  for_large_scores(graph, Where::nodes, GetParam(), [&](const Tensor& x) {
    const Tensor seed = random_like(x, 9);
    const Softmax expected(to_array(x), group, 3, to_array(seed));
    const Tensors y{ops::graph_softmax(batch, x)};
    expect_near(to_array(y[0]), expected.value, tolerance());
    expect_near(to_array(grad(y, Tensors{seed}, Tensors{x})[0]), expected.gradient, tolerance());
  });
}

TEST_P(LargeValues, OfScoresOfColumns) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  for_large_scores(graph, Where::nodes, GetParam(), [&](const Tensor& x) {
    const Tensor seed = random_like(x, 9);
    const std::vector<std::int64_t> all(std::size_t(x.cols()), 0);
    Softmax expected(to_array(x), std::vector<std::int64_t>(std::size_t(x.rows()), 0), 1, to_array(seed));
    for (Eigen::Index r = 0; r < to_array(x).rows(); ++r) {
      const Array row = to_array(x).row(r).transpose(), cotangent = to_array(seed).row(r).transpose();
      const Softmax one(row, all, 1, cotangent);
      expected.value.row(r) = one.value.transpose();
      expected.gradient.row(r) = one.gradient.transpose();
    }
    const Tensors y{ops::softmax_columns(x)};
    expect_near(to_array(y[0]), expected.value, tolerance());
    expect_near(to_array(grad(y, Tensors{seed}, Tensors{x})[0]), expected.gradient, tolerance());
  });
}

/// Value and slope at one argument.
struct Limit {
  const char* name;
  Tensor (*f)(const Tensor&);
  double at, value, slope;
};

TEST_P(LargeValues, OfActivations) {
  const double scale = 1.0507009873554805, below = scale * 1.6732632423543772, ln2 = std::log(2.0);
  for (const double big : {60., 1000., 1e15}) {
    const Limit limits[] = {
        {"softplus", ops::softplus, big, big, 1},
        {"softplus", ops::softplus, -big, 0, 0},
        {"shifted_softplus", ops::shifted_softplus, big, big - ln2, 1},
        {"shifted_softplus", ops::shifted_softplus, -big, -ln2, 0},
        {"sigmoid", ops::sigmoid, big, 1, 0},
        {"sigmoid", ops::sigmoid, -big, 0, 0},
        {"tanh", ops::tanh, big, 1, 0},
        {"tanh", ops::tanh, -big, -1, 0},
        {"silu", ops::silu, big, big, 1},
        {"silu", ops::silu, -big, 0, 0},
        {"gelu", ops::gelu, big, big, 1},
        {"gelu", ops::gelu, -big, 0, 0},
        {"elu", ops::elu, big, big, 1},
        {"elu", ops::elu, -big, -1, 0},
        {"selu", ops::selu, big, scale * big, scale},
        {"selu", ops::selu, -big, -below, 0},
        {"error_function", ops::error_function, big, 1, 0},
        {"error_function", ops::error_function, -big, -1, 0},
    };
    for (const Limit& limit : limits) {
      const Tensor x = column({limit.at});
      const Tensors y{limit.f(x)}, seed{column({1})};
      const double recorded = grad(y, seed, Tensors{x}, {.create_graph = true})[0].item(),
                   plain = grad(Tensors{limit.f(x)}, seed, Tensors{x})[0].item();
      EXPECT_NEAR(y[0].item(), limit.value, 1e-6 * (1 + std::abs(limit.value))) << limit.name << " at " << limit.at;
      EXPECT_NEAR(plain, limit.slope, 1e-6) << limit.name << "' at " << limit.at;
      EXPECT_NEAR(recorded, limit.slope, 1e-6) << limit.name << "' recorded at " << limit.at;
    }
  }
}

/// Up to where squares overflow, which the headers name.
TEST_P(LargeValues, OfNormsAndLengths) {
  const double big = GetParam() == DType::f32 ? 1e18 : 1e150;
  const Tensor x = Tensor::from(std::vector<double>{-big, 0, big, -3 * big, 0, 3 * big}, 2, 3, GetParam());
  const Array found = to_array(ops::layer_norm(x, {}, {}));
  const double root = std::sqrt(1.5);
  for (Eigen::Index r = 0; r < 2; ++r) {
    EXPECT_NEAR(found(r, 0), -root, 1e-6);
    EXPECT_NEAR(found(r, 1), 0, 1e-6);
    EXPECT_NEAR(found(r, 2), root, 1e-6);
  }
  const Array length = to_array(ops::length(x)), direction = to_array(ops::direction(x));
  EXPECT_NEAR(length(0, 0) / big, std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(direction(1, 2), std::sqrt(0.5), 1e-6);
}

TEST_P(LargeValues, OfStatisticsFarFromZero) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  const Topology plain = topology(size);
  const double height = GetParam() == DType::f32 ? 1e3 : 1e6, allowed = GetParam() == DType::f32 ? 2e-3 : 1e-8;
  const Tensor x = ops::scale_shift(random_operand(graph, {Where::edges, 3}, GetParam(), 8), 1, height).detach();
  const Array values = to_array(x), found = to_array(ops::aggregate(graph, x, ops::Aggregation::var));
  for (std::int64_t i = 0; i < plain.nodes; ++i)
    for (Eigen::Index c = 0; c < values.cols(); ++c) {
      double count = 0, sum = 0, squares = 0;
      for (std::int64_t e = 0; e < plain.edges(); ++e)
        if (plain.target[std::size_t(e)] == i) count += 1, sum += values(e, c);
      const double mean = count > 0 ? sum / count : 0;
      for (std::int64_t e = 0; e < plain.edges(); ++e)
        if (plain.target[std::size_t(e)] == i) squares += (values(e, c) - mean) * (values(e, c) - mean);
      EXPECT_NEAR(found(i, c), count > 0 ? squares / count : 0, allowed);
    }
}

}  // namespace
}  // namespace halograph::testing
