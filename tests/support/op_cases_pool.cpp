// SPDX-License-Identifier: BSD-3-Clause
// Operations between nodes and the graphs of a batch.
#include <cmath>
#include <limits>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/pool.hpp>

#include "tests/support/op_case_lists.hpp"

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

using Op = Tensor (*)(const Batch&, const Tensor&);

using Loops = std::function<Array(const Topology&, const Array&)>;

OpCase make(std::string name, Operand operand, Op op, Loops loops, bool linear = false) {
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

}  // namespace

void add_pool_cases(std::vector<OpCase>& cases) {
  const Operand nodes{Where::nodes, 5}, graphs{Where::replicated, 3, n_graphs};
  const auto of = [](Array (*function)(const Array&)) { return [function](const Topology&, const Array& x) { return function(x); }; };
  cases.push_back(make("graph_sum", nodes, ops::graph_sum, of(sums), true));
  cases.push_back(make("graph_mean", nodes, ops::graph_mean, of(means)));
  cases.push_back(make("graph_max", nodes, ops::graph_max, of(largest)));
  cases.push_back(make("graph_softmax", nodes, ops::graph_softmax, of(softmax)));
  cases.push_back(make("gather_graph", graphs, ops::gather_graph,
                       [](const Topology& graph, const Array& x) {
                         Array y(graph.nodes, x.cols());
                         for (Eigen::Index r = 0; r < y.rows(); ++r) y.row(r) = x.row(graph_of(r));
                         return y;
                       },
                       true));
  // All nodes of a graph tie: the gradient shows which one was taken.
  cases.push_back(make("graph_max of equals", nodes,
                       [](const Batch& batch, const Tensor& x) { return ops::graph_max(batch, ops::subtract(x, x.detach())); },
                       of([](const Array& x) -> Array { return Array::Zero(n_graphs, x.cols()); })));
  cases.back().smooth = false;
  cases.push_back(make("attention over graphs", {Where::nodes, 1},
                       [](const Batch& batch, const Tensor& x) {
                         return ops::graph_sum(batch, ops::multiply(ops::graph_softmax(batch, x), ops::sine(x)));
                       },
                       of([](const Array& x) -> Array { return sums(softmax(x) * x.sin()); })));
}

}  // namespace halograph::testing
