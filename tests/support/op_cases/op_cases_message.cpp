// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include <halograph/ops/message.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using MessageOp = Tensor (*)(const Graph&, const Tensors&);
using MessageReference = Array (*)(const Topology&, const Arrays&);

OpCase make(const char* name, std::vector<Operand> operands, MessageOp op, MessageReference reference,
            bool linear = true) {
  OpCase c;
  c.name = name;
  c.operands = std::move(operands);
  c.op = [op](const Graph& g, const Tensors& x) { return Tensors{op(g, x)}; };
  c.reference = [reference](const Topology& t, const Arrays& x) { return Arrays{reference(t, x)}; };
  c.linear = linear;
  return c;
}

/// Row e of the result is row index[e] of x.
Array gather(const Array& x, const std::vector<std::int64_t>& index) {
  Array y(index.size(), x.cols());
  for (std::size_t e = 0; e < index.size(); ++e) y.row(Eigen::Index(e)) = x.row(index[e]);
  return y;
}

Array scatter(const Array& x, const std::vector<std::int64_t>& index, std::int64_t rows) {
  Array y = Array::Zero(rows, x.cols());
  for (std::size_t e = 0; e < index.size(); ++e)
    if (index[e] >= 0) y.row(index[e]) += x.row(Eigen::Index(e));
  return y;
}

Array gather_source(const Topology& t, const Array& nodes, const Array& ghosts) {
  Array y = gather(nodes, t.source);
  for (std::int64_t e = 0; e < t.edges(); ++e)
    if (t.ghost[std::size_t(e)] >= 0) y.row(e) = ghosts.row(t.ghost[std::size_t(e)]);
  return y;
}

Array segment_mean(const Topology& t, const Array& edges) {
  const Array degree = scatter(Array::Ones(t.edges(), 1), t.target, t.nodes);
  return scatter(edges, t.target, t.nodes) / degree.max(1).replicate(1, edges.cols());
}

Array segment_max(const Topology& t, const Array& edges) {
  constexpr double none = -std::numeric_limits<double>::infinity();
  Array y = Array::Constant(t.nodes, edges.cols(), none);
  for (std::int64_t e = 0; e < t.edges(); ++e)
    y.row(t.target[std::size_t(e)]) = y.row(t.target[std::size_t(e)]).max(edges.row(e));
  return (y == none).select(0, y);
}

Array source_sum(const Topology& t, const Array& edges) {
  std::vector<std::int64_t> source = t.source;
  for (std::size_t e = 0; e < source.size(); ++e)
    if (t.ghost[e] >= 0) source[e] = -1;
  return scatter(edges, source, t.nodes);
}

void add_edge_linear(std::vector<OpCase>& cases, ops::Activation activation, double (*f)(double)) {
  OpCase c;
  c.name = "edge_linear " + std::string(ops::name_of(activation));
  c.operands = {{Where::nodes, 6}, {Where::nodes, 6}, {Where::ghosts, 6}, {Where::edges, 3}, {Where::replicated, 3, 6}};
  c.op = [activation](const Graph& g, const Tensors& x) {
    return Tensors{ops::edge_linear(g, x[0], x[1], x[2], x[3], x[4], activation)};
  };
  c.reference = [f](const Topology& t, const Arrays& x) {
    const Array sum =
        gather(x[0], t.target) + gather_source(t, x[1], x[2]) + (x[3].matrix() * x[4].matrix().transpose()).array();
    return Arrays{sum.unaryExpr(f)};
  };
  cases.push_back(c);
  c.name += " with its halo";
  c.operands.erase(c.operands.begin() + 2);
  c.op = [activation](const Graph& g, const Tensors& x) {
    return Tensors{ops::edge_linear(g, x[0], x[1], ops::halo(g, x[1]), x[2], x[3], activation)};
  };
  c.reference = [full = c.reference](const Topology& t, const Arrays& x) {
    return full(t, {x[0], x[1], gather(x[1], t.ghost_node), x[2], x[3]});
  };
  cases.push_back(c);
}

}  // namespace

void add_message_cases(std::vector<OpCase>& cases) {
  const Operand nodes{Where::nodes, 5}, edges{Where::edges, 5}, ghosts{Where::ghosts, 5};
  cases.push_back(make(
      "halo", {nodes}, [](const Graph& g, const Tensors& x) { return ops::halo(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return gather(x[0], t.ghost_node); }));
  cases.push_back(make(
      "halo_adjoint", {ghosts}, [](const Graph& g, const Tensors& x) { return ops::halo_adjoint(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return scatter(x[0], t.ghost_node, t.nodes); }));
  cases.push_back(make(
      "gather_target", {nodes}, [](const Graph& g, const Tensors& x) { return ops::gather_target(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return gather(x[0], t.target); }));
  cases.push_back(make(
      "gather_source of nodes and ghosts", {nodes, ghosts},
      [](const Graph& g, const Tensors& x) { return ops::gather_source(g, x[0], x[1]); },
      [](const Topology& t, const Arrays& x) { return gather_source(t, x[0], x[1]); }));
  cases.push_back(make(
      "gather_source", {nodes}, [](const Graph& g, const Tensors& x) { return ops::gather_source(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return gather(x[0], t.source); }));
  cases.push_back(make(
      "segment_sum", {edges}, [](const Graph& g, const Tensors& x) { return ops::segment_sum(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return scatter(x[0], t.target, t.nodes); }));
  cases.push_back(make(
      "segment_mean", {edges}, [](const Graph& g, const Tensors& x) { return ops::segment_mean(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return segment_mean(t, x[0]); }, false));
  cases.push_back(make(
      "segment_max", {edges}, [](const Graph& g, const Tensors& x) { return ops::segment_max(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return segment_max(t, x[0]); }, false));
  cases.push_back(make(
      "segment_min", {edges}, [](const Graph& g, const Tensors& x) { return ops::segment_min(g, x[0]); },
      [](const Topology& t, const Arrays& x) -> Array { return -segment_max(t, -x[0]); }, false));
  cases.push_back(make(
      "source_sum", {edges}, [](const Graph& g, const Tensors& x) { return ops::source_sum(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return source_sum(t, x[0]); }));
  cases.push_back(make(
      "ghost_sum", {edges}, [](const Graph& g, const Tensors& x) { return ops::ghost_sum(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return scatter(x[0], t.ghost, t.ghosts()); }));
  add_edge_linear(cases, ops::Activation::identity, [](double v) { return v; });
  add_edge_linear(cases, ops::Activation::relu, [](double v) { return v > 0 ? v : 0; });
  add_edge_linear(cases, ops::Activation::silu, [](double v) { return v / (1 + std::exp(-v)); });
}

}  // namespace halograph::testing
