// SPDX-License-Identifier: BSD-3-Clause
// Operations between nodes and the graphs of a batch.
#include <cmath>
#include <limits>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/graph_product.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t n_graphs = 5;

/// Graph 2 has no nodes; those of the others stand mixed in all patches.
std::int32_t graph_of(std::int64_t global_row) {
  const auto graph = std::int32_t(mix(std::uint64_t(global_row) + 77) % n_graphs);
  return graph == 2 ? 4 : graph;
}

Batch batch_of(const Graph& graph) {
  std::vector<std::int32_t> number;
  for (std::int64_t r = 0; r < graph.n_nodes(); ++r) number.push_back(graph_of(graph.nodes()->first_row() + r));
  return Batch(graph.nodes(), number, n_graphs, graph.device());
}

using PoolOp = Tensor (*)(const Batch&, const Tensor&);

using Loops = std::function<Array(const Topology&, const Array&)>;

OpCase make(std::string name, Operand operand, PoolOp op, Loops loops, bool linear = false) {
  OpCase c;
  c.name = std::move(name);
  c.operands = {operand};
  c.op = [op](const Graph& graph, const Tensors& x) { return Tensors{op(batch_of(graph), x[0])}; };
  c.reference = [loops](const Topology& graph, const Arrays& x) { return Arrays{loops(graph, x[0])}; };
  c.linear = linear;
  return c;
}

Array sums(const Array& x) {
  Array y = Array::Zero(n_graphs, x.cols());
  for (Eigen::Index r = 0; r < x.rows(); ++r) y.row(graph_of(r)) += x.row(r);
  return y;
}

Array means(const Array& x) {
  Array y = sums(x);
  const Array count = sums(Array::Ones(x.rows(), 1));
  for (Eigen::Index g = 0; g < n_graphs; ++g)
    if (count(g, 0) > 0) y.row(g) /= count(g, 0);
  return y;
}

Array largest(const Array& x) {
  Array y = Array::Constant(n_graphs, x.cols(), -std::numeric_limits<double>::infinity());
  for (Eigen::Index r = 0; r < x.rows(); ++r) y.row(graph_of(r)) = y.row(graph_of(r)).max(x.row(r));
  return (y > -1e300).select(y, 0);
}

Array softmax(const Array& x) {
  const Array power = x.exp(), sum = sums(power);
  Array y = power;
  for (Eigen::Index r = 0; r < x.rows(); ++r) y.row(r) /= sum.row(graph_of(r));
  return y;
}

constexpr std::int64_t a = 3, p = 4;

OpCase pair(std::string name, Operand left, Operand right, Tensor (*op)(const Batch&, const Tensor&, const Tensor&),
            Array (*loops)(const Arrays&)) {
  OpCase c;
  c.name = std::move(name);
  c.operands = {left, right};
  c.op = [op](const Graph& graph, const Tensors& x) { return Tensors{op(batch_of(graph), x[0], x[1])}; };
  c.reference = [loops](const Topology&, const Arrays& x) { return Arrays{loops(x)}; };
  return c;
}

/// For each node all products of its values on the left and on the right.
Array products(const Array& left, const Array& right) {
  Array y(left.rows(), left.cols() * right.cols());
  for (Eigen::Index k = 0; k < left.cols(); ++k)
    y.middleCols(k * right.cols(), right.cols()) = right.colwise() * left.col(k);
  return y;
}

/// Rows times the matrix of their graph, [a, p].
Array product(const Arrays& x) {
  Array y = Array::Zero(x[0].rows(), p);
  for (Eigen::Index r = 0; r < y.rows(); ++r)
    for (Eigen::Index k = 0; k < a; ++k) y.row(r) += x[0](r, k) * x[1].row(graph_of(r)).segment(k * p, p);
  return y;
}

/// The same with the matrix transposed.
Array dot(const Arrays& x) {
  Array y(x[0].rows(), a);
  for (Eigen::Index r = 0; r < y.rows(); ++r)
    for (Eigen::Index k = 0; k < a; ++k) y(r, k) = (x[0].row(r) * x[1].row(graph_of(r)).segment(k * p, p)).sum();
  return y;
}

void add_product_cases(std::vector<OpCase>& cases) {
  const Operand left{Where::nodes, a}, right{Where::nodes, p}, matrices{Where::replicated, a * p, n_graphs};
  cases.push_back(pair("graph_outer", left, right, ops::graph_outer,
                       [](const Arrays& x) -> Array { return sums(products(x[0], x[1])); }));
  cases.push_back(pair("graph_outer_max", left, right, ops::graph_outer_max,
                       [](const Arrays& x) -> Array { return largest(products(x[0], x[1])); }));
  cases.push_back(pair("graph_product", left, matrices, ops::graph_product, product));
  cases.push_back(pair("graph_dot", right, matrices, ops::graph_dot, dot));
  // Operands that are columns of something wider.
  cases.push_back(pair(
      "graph_product of slices", {Where::nodes, a + 2}, {Where::replicated, a * p + 3, n_graphs},
      [](const Batch& batch, const Tensor& x, const Tensor& m) {
        return ops::graph_product(batch, ops::slice_columns(x, 1, a), ops::slice_columns(m, 2, a * p));
      },
      [](const Arrays& x) {
        return product({x[0].middleCols(1, a), x[1].middleCols(2, a * p)});
      }));
}

}  // namespace

void add_pool_cases(std::vector<OpCase>& cases) {
  const Operand nodes{Where::nodes, 5}, graphs{Where::replicated, 3, n_graphs};
  const auto of = [](Array (*function)(const Array&)) {
    return [function](const Topology&, const Array& x) { return function(x); };
  };
  cases.push_back(make("graph_sum", nodes, ops::graph_sum, of(sums), true));
  cases.push_back(make("graph_mean", nodes, ops::graph_mean, of(means)));
  cases.push_back(make("graph_max", nodes, ops::graph_max, of(largest)));
  cases.push_back(make("graph_softmax", nodes, ops::graph_softmax, of(softmax)));
  cases.push_back(make(
      "gather_graph", graphs, ops::gather_graph,
      [](const Topology& graph, const Array& x) {
        Array y(graph.nodes, x.cols());
        for (Eigen::Index r = 0; r < y.rows(); ++r) y.row(r) = x.row(graph_of(r));
        return y;
      },
      true));
  // All nodes of a graph tie: the gradient shows which one was taken.
  cases.push_back(make(
      "graph_max of equals", nodes,
      [](const Batch& batch, const Tensor& x) { return ops::graph_max(batch, ops::subtract(x, x.detach())); },
      of([](const Array& x) -> Array { return Array::Zero(n_graphs, x.cols()); })));
  cases.back().smooth = false;
  cases.push_back(make(
      "attention over graphs", {Where::nodes, 1},
      [](const Batch& batch, const Tensor& x) {
        return ops::graph_sum(batch, ops::multiply(ops::graph_softmax(batch, x), ops::sine(x)));
      },
      of([](const Array& x) -> Array { return sums(softmax(x) * x.sin()); })));
  add_product_cases(cases);
}

}  // namespace halograph::testing
