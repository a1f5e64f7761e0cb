// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>
#include <halograph/ops/weighted_max.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using std::size_t;

/// Row of the source of edge e.
auto source_of(const Topology& t, const Array& nodes, const Array& ghosts, size_t e) {
  return t.ghost[e] >= 0 ? ghosts.row(t.ghost[e]) : nodes.row(t.source[e]);
}

/// The weight of column k among `cols`.
double weight_at(const Array& weight, size_t e, Eigen::Index k, Eigen::Index cols) {
  return weight(Eigen::Index(e), k / (cols / weight.cols()));
}

Array weighted_sum(const Topology& t, const Array& nodes, const Array& ghosts, const Array& weight) {
  Array y = Array::Zero(t.nodes, nodes.cols());
  for (size_t e = 0; e < t.target.size(); ++e)
    for (Eigen::Index k = 0; k < y.cols(); ++k)
      y(t.target[e], k) += weight_at(weight, e, k, y.cols()) * source_of(t, nodes, ghosts, e)(k);
  return y;
}

Array with_halo(const Topology& t, const Array& nodes) {
  Array ghosts(t.ghosts(), nodes.cols());
  for (std::int64_t g = 0; g < t.ghosts(); ++g) ghosts.row(g) = nodes.row(t.ghost_node[size_t(g)]);
  return ghosts;
}

Array weighted_max(const Topology& t, const Array& nodes, const Array& ghosts, const Array& weight) {
  Array y = Array::Zero(t.nodes, nodes.cols());
  std::vector<bool> seen(size_t(t.nodes), false);
  for (size_t e = 0; e < t.target.size(); ++e) {
    const auto message = weight(Eigen::Index(e), 0) * source_of(t, nodes, ghosts, e);
    if (seen[size_t(t.target[e])]) y.row(t.target[e]) = y.row(t.target[e]).max(message);
    else y.row(t.target[e]) = message;
    seen[size_t(t.target[e])] = true;
  }
  return y;
}

/// Sums over out-edges, of own rows or of ghosts.
Array out_sum(const Topology& t, const Array& target, const Array& weight, bool ghosts) {
  Array y = Array::Zero(ghosts ? t.ghosts() : t.nodes, target.cols());
  for (size_t e = 0; e < t.target.size(); ++e) {
    if ((t.ghost[e] >= 0) != ghosts) continue;
    const std::int64_t row = ghosts ? t.ghost[e] : t.source[e];
    for (Eigen::Index k = 0; k < y.cols(); ++k) y(row, k) += weight_at(weight, e, k, y.cols()) * target(t.target[e], k);
  }
  return y;
}

Array edge_dot(const Topology& t, const Array& nodes, const Array& ghosts, const Array& target, std::int64_t heads) {
  Array y = Array::Zero(t.edges(), heads);
  for (size_t e = 0; e < t.target.size(); ++e)
    for (Eigen::Index k = 0; k < nodes.cols(); ++k)
      y(Eigen::Index(e), k / (nodes.cols() / heads)) += source_of(t, nodes, ghosts, e)(k) * target(t.target[e], k);
  return y;
}

void add(std::vector<OpCase>& cases, std::string name, std::vector<Operand> operands,
         const std::function<Tensor(const Graph&, const Tensors&)>& op,
         const std::function<Array(const Topology&, const Arrays&)>& reference, bool linear = false) {
  OpCase c;
  c.name = std::move(name);
  c.operands = std::move(operands);
  c.op = [op](const Graph& g, const Tensors& x) { return Tensors{op(g, x)}; };
  c.reference = [reference](const Topology& t, const Arrays& x) { return Arrays{reference(t, x)}; };
  c.linear = linear;
  cases.push_back(std::move(c));
}

void add_with_weights(std::vector<OpCase>& cases, std::int64_t weights) {
  const Operand nodes{Where::nodes, 6}, ghosts{Where::ghosts, 6}, weight{Where::edges, weights};
  const std::string kind = " of " + std::to_string(weights) + " weights";
  add(
      cases, "weighted_sum" + kind, {nodes, ghosts, weight},
      [](const Graph& g, const Tensors& x) { return ops::weighted_sum(g, x[0], x[1], x[2]); },
      [](const Topology& t, const Arrays& x) { return weighted_sum(t, x[0], x[1], x[2]); });
  add(
      cases, "weighted_sum with its halo" + kind, {nodes, weight},
      [](const Graph& g, const Tensors& x) { return ops::weighted_sum(g, x[0], x[1]); },
      [](const Topology& t, const Arrays& x) { return weighted_sum(t, x[0], with_halo(t, x[0]), x[1]); });
  add(
      cases, "weighted_source_sum" + kind, {nodes, weight},
      [](const Graph& g, const Tensors& x) { return ops::weighted_source_sum(g, x[0], x[1]); },
      [](const Topology& t, const Arrays& x) { return out_sum(t, x[0], x[1], false); });
  add(
      cases, "weighted_ghost_sum" + kind, {nodes, weight},
      [](const Graph& g, const Tensors& x) { return ops::weighted_ghost_sum(g, x[0], x[1]); },
      [](const Topology& t, const Arrays& x) { return out_sum(t, x[0], x[1], true); });
  add(
      cases, "edge_dot" + kind, {nodes, ghosts, nodes},
      [weights](const Graph& g, const Tensors& x) { return ops::edge_dot(g, x[0], x[1], x[2], weights); },
      [weights](const Topology& t, const Arrays& x) { return edge_dot(t, x[0], x[1], x[2], weights); });
}

}  // namespace

void add_weighted_cases(std::vector<OpCase>& cases) {
  for (const std::int64_t weights : {1, 3, 6}) add_with_weights(cases, weights);
  for (const std::int64_t columns : {1, 6, 35})
    add(
        cases, "weighted_max of " + std::to_string(columns),
        {{Where::nodes, columns}, {Where::ghosts, columns}, {Where::edges, 1}},
        [](const Graph& g, const Tensors& x) { return ops::weighted_max(g, x[0], x[1], x[2]); },
        [](const Topology& t, const Arrays& x) { return weighted_max(t, x[0], x[1], x[2]); });
  add(
      cases, "neighbour_sum", {{Where::nodes, 5}},
      [](const Graph& g, const Tensors& x) { return ops::neighbour_sum(g, x[0]); },
      [](const Topology& t, const Arrays& x) {
        return weighted_sum(t, x[0], with_halo(t, x[0]), Array::Ones(t.edges(), 1));
      },
      true);
}

}  // namespace halograph::testing
