// SPDX-License-Identifier: BSD-3-Clause
// A NaN is never lost: maxima and minima over edges, rows and graphs keep it wherever it stands, functions and softmax
// pass it on, and nothing else is touched. Gradients of equal values go to the first.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/weighted_max.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class NotANumber : public ::testing::TestWithParam<DType> {
 protected:
  Graph graph = make_graph(Communicator(), size, Device::preferred());
  Topology plain = topology(size);

  /// Rows of 17 columns, NaN in one row.
  Tensor with_nan_in(const RowSpacePtr& space, std::int64_t row) const {
    std::vector<double> values;
    for (std::int64_t r = 0; r < space->local_rows(); ++r)
      for (std::int64_t c = 0; c < 17; ++c) values.push_back(r == row ? nan : random_value(3, r, c));
    return Tensor::from(values, space->local_rows(), 17, GetParam(), space, graph.device());
  }
  static void expect_nan_in_row_only(const Tensor& x, std::int64_t row, const std::string& what) {
    const Array values = to_array(x);
    for (Eigen::Index r = 0; r < values.rows(); ++r)
      for (Eigen::Index c = 0; c < values.cols(); ++c)
        ASSERT_EQ(std::isnan(values(r, c)), r == row) << what << ", row " << r << ", column " << c;
  }
};
INSTANTIATE_TEST_SUITE_P(Types, NotANumber, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& type) { return std::string(name_of(type.param)); });

TEST_P(NotANumber, StaysInWhatEdgesGive) {
  for (std::int64_t e = 0; e < plain.edges(); e += 3) {
    const Tensor x = with_nan_in(graph.edges(), e);
    const std::int64_t target = plain.target[std::size_t(e)];
    expect_nan_in_row_only(ops::segment_max(graph, x), target, "segment_max");
    expect_nan_in_row_only(ops::segment_min(graph, x), target, "segment_min");
    expect_nan_in_row_only(ops::aggregate(graph, x, ops::Aggregation::softmax), target, "softmax");
    std::vector<double> weights(std::size_t(graph.n_edges()), 1);
    weights[std::size_t(e)] = nan;
    const Tensor features = random_operand(graph, {Where::nodes, 17}, GetParam(), 4);
    const Tensor weight = Tensor::from(weights, graph.n_edges(), 1, GetParam(), graph.edges(), graph.device());
    expect_nan_in_row_only(ops::weighted_max(graph, features, ops::halo(graph, features), weight), target,
                           "weighted_max");
  }
}

TEST_P(NotANumber, StaysInWhatRowsGive) {
  const Batch batch(graph);
  for (const std::int64_t row : {std::int64_t(0), plain.nodes / 2, plain.nodes - 1}) {
    const Tensor x = with_nan_in(graph.nodes(), row);
    EXPECT_TRUE(to_array(ops::max_rows(x)).isNaN().all()) << row;
    EXPECT_TRUE(to_array(ops::graph_max(batch, x)).isNaN().all()) << row;
    EXPECT_TRUE(to_array(ops::graph_softmax(batch, x)).isNaN().all()) << row;
  }
}

TEST_P(NotANumber, GoesThroughFunctions) {
  const Tensor x = with_nan_in(graph.nodes(), 5);
  for (int k = int(ops::Activation::relu); k <= int(ops::Activation::ssp); ++k)
    expect_nan_in_row_only(ops::activate(ops::Activation(k), x), 5, std::string(ops::name_of(ops::Activation(k))));
  for (const auto f : {ops::exponential, ops::fading_exponential, ops::sine, ops::cosine, ops::square,
                       ops::error_function, ops::absolute})
    expect_nan_in_row_only(f(x), 5, "a function");
}

TEST_P(NotANumber, IsNotMadeOfEqualValues) {
  const Tensor x = Tensor::full(graph.n_edges(), 3, 0.5, GetParam(), graph.edges(), graph.device()).set_requires_grad();
  for (const bool largest : {true, false}) {
    const Tensors y{largest ? ops::segment_max(graph, x) : ops::segment_min(graph, x)};
    const Tensors seed{Tensor::full(graph.n_nodes(), 3, 1, GetParam(), graph.nodes(), graph.device())};
    const Array found = to_array(grad(y, seed, Tensors{x})[0]);
    for (std::int64_t e = 0; e < plain.edges(); ++e) {
      const bool first = e == 0 || plain.target[std::size_t(e)] != plain.target[std::size_t(e - 1)];
      EXPECT_EQ(found(e, 0), first ? 1 : 0) << "edge " << e;
    }
  }
}

/// The gradient is linear in the cotangents: those of nodes without in-edges do not count.
TEST_P(NotANumber, ComesFromNoNodeWithoutEdges) {
  const Tensor x = random_operand(graph, {Where::edges, 3}, GetParam(), 5).set_requires_grad();
  const Tensor dy = random_operand(graph, {Where::nodes, 3}, GetParam(), 6).set_requires_grad();
  const Tensors y{ops::segment_max(graph, x)};
  const Tensors first = grad(y, Tensors{dy}, Tensors{x}, {.create_graph = true});
  const Array found = to_array(grad(
      first, Tensors{Tensor::full(graph.n_edges(), 3, 1, GetParam(), graph.edges(), graph.device())}, Tensors{dy})[0]);
  for (std::int64_t i = 0; i < plain.nodes; ++i) {
    const bool has_edges = std::count(plain.target.begin(), plain.target.end(), i) > 0;
    EXPECT_EQ(found(i, 0), has_edges ? 1 : 0) << "node " << i;
  }
}

}  // namespace
}  // namespace halograph::testing
