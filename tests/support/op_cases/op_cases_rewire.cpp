// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/self_loops.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/message.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

/// Zeros where an edge is a loop.
Array without_loops(const Topology& t, const Array& edges) {
  Array y = edges;
  for (Eigen::Index e = 0; e < y.rows(); ++e)
    if (t.target[std::size_t(e)] == t.source[std::size_t(e)]) y.row(e).setZero();
  return y;
}

Array sum_at_targets(const Topology& t, const Array& edges) {
  Array y = Array::Zero(t.nodes, edges.cols());
  for (Eigen::Index e = 0; e < edges.rows(); ++e) y.row(Eigen::Index(t.target[std::size_t(e)])) += edges.row(e);
  return y;
}

OpCase make(std::string name, std::vector<Operand> operands, std::function<Tensor(const Graph&, const Tensors&)> op,
            std::function<Array(const Topology&, const Arrays&)> reference) {
  OpCase c;
  c.name = std::move(name);
  c.operands = std::move(operands);
  c.op = [op](const Graph& graph, const Tensors& x) { return Tensors{op(graph, x)}; };
  c.reference = [reference](const Topology& t, const Arrays& x) { return Arrays{reference(t, x)}; };
  c.linear = true;
  return c;
}

}  // namespace

void add_rewire_cases(std::vector<OpCase>& cases) {
  const Operand edges{Where::edges, 5}, weights{Where::edges, 1}, nodes{Where::nodes, 19};
  cases.push_back(make(
      "carry_edges to a graph without loops", {edges},
      [](const Graph& graph, const Tensors& x) { return ops::carry_edges(remove_self_loops(graph).edges, x[0]); },
      [](const Topology& t, const Arrays& x) -> Array {
        Array y(x[0].rows(), x[0].cols());
        Eigen::Index rows = 0;
        for (Eigen::Index e = 0; e < y.rows(); ++e)
          if (t.target[std::size_t(e)] != t.source[std::size_t(e)]) y.row(rows++) = x[0].row(e);
        return y.topRows(rows);
      }));
  cases.push_back(make(
      "carry_edges there and back", {edges},
      [](const Graph& graph, const Tensors& x) {
        const EdgeMap map = replace_self_loops(graph).edges;
        return ops::carry_edges(reversed(map), ops::carry_edges(map, x[0]));
      },
      [](const Topology& t, const Arrays& x) { return without_loops(t, x[0]); }));
  cases.push_back(make(
      "carry_edges to a graph with a loop of each node", {weights, nodes},
      [](const Graph& graph, const Tensors& x) {
        const SelfLoops looped = add_self_loops(graph);
        const Tensor from_edges = ops::segment_sum(looped.graph, ops::carry_edges(looped.edges, x[0]));
        const Tensor from_nodes = ops::segment_sum(looped.graph, ops::carry_edges(looped.loops, x[1]));
        return ops::add(from_nodes, from_edges);
      },
      [](const Topology& t, const Arrays& x) -> Array {
        return x[1] + sum_at_targets(t, x[0]).replicate(1, x[1].cols());
      }));
}

}  // namespace halograph::testing
