// SPDX-License-Identifier: BSD-3-Clause
// Which node is the largest of its graph where several ranks have it, and where values are special.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class GraphMax : public ::testing::Test {
 protected:
  const Graph graph_ = make_graph(Communicator(MPI_COMM_WORLD), {60, 100, 7}, Device::preferred());
  const Batch batch_{graph_};

  /// [n_nodes, 1] by global row.
  template <class F>
  Tensor values(const F& f) const {
    std::vector<double> x;
    for (std::int64_t r = 0; r < graph_.n_nodes(); ++r) x.push_back(f(graph_.nodes()->first_row() + r));
    return Tensor::from(x, graph_.n_nodes(), 1, DType::f64, graph_.nodes(), graph_.device()).set_requires_grad();
  }

  /// The global row that has the gradient of the largest value, -1 if none or several have.
  std::int64_t chosen(const Tensor& x) const {
    const std::vector<double> gradient = grad(ops::graph_max(batch_, x), {&x, 1})[0].to_vector<double>();
    std::int64_t row = -1, n = 0;
    for (std::size_t r = 0; r < gradient.size(); ++r)
      if (gradient[r] != 0) row = graph_.nodes()->first_row() + std::int64_t(r), ++n;
    return graph_.comm().sum(n) == 1 ? graph_.comm().max(row) : -1;
  }
};

TEST_F(GraphMax, IsTheFirstOfEquals) {
  const Tensor x = values([](std::int64_t row) { return double(row % 7 == 5); });
  EXPECT_EQ(ops::graph_max(batch_, x).item(), 1);
  EXPECT_EQ(chosen(x), 5);
}

TEST_F(GraphMax, TakesZerosOfBothSignsForEqual) {
  const Tensor x = values([](std::int64_t row) { return row < 20 ? -1.0 : row < 40 ? -0.0 : 0.0; });
  EXPECT_FALSE(std::signbit(ops::graph_max(batch_, x).item()));
  EXPECT_EQ(chosen(x), 20);
}

TEST_F(GraphMax, IsTheFirstNan) {
  const Tensor x = values([](std::int64_t row) {
    return row == 3 ? infinity : row == 31 || row == 55 ? nan : -double(row);
  });
  EXPECT_TRUE(std::isnan(ops::graph_max(batch_, x).item()));
  EXPECT_EQ(chosen(x), 31);
}

TEST_F(GraphMax, MayBeMinusInfinity) {
  const Tensor x = values([](std::int64_t) { return -infinity; });
  EXPECT_EQ(ops::graph_max(batch_, x).item(), -infinity);
  EXPECT_EQ(chosen(x), 0);
}

TEST_F(GraphMax, KnowsNegativeNumbers) {
  const Tensor x = values([](std::int64_t row) { return -1 - std::abs(double(row) - 44); });
  EXPECT_EQ(ops::graph_max(batch_, x).item(), -1);
  EXPECT_EQ(chosen(x), 44);
}

TEST_F(GraphMax, RefusesRowsOfOthers) {
  const Tensor edges = Tensor::zeros(graph_.n_edges(), 1, DType::f64, graph_.edges(), graph_.device());
  EXPECT_THROW(ops::graph_max(batch_, edges), UsageError);
  EXPECT_THROW(ops::graph_sum(batch_, edges), UsageError);
  EXPECT_THROW(ops::gather_graph(batch_, Tensor::zeros(2, 1, DType::f64)), UsageError);
}

}  // namespace
}  // namespace halograph::testing
