// SPDX-License-Identifier: BSD-3-Clause
// Fused multi-layer perceptrons, with activations that second differences can follow.
#include <cmath>

#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/message.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"
#include "tests/support/problems/mlp_shape.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;

void add_parameters(const MlpShape& shape, std::int64_t in, std::vector<Operand>& operands) {
  const std::vector<Operand> parameters = mlp_parameters(shape, in);
  operands.insert(operands.end(), parameters.begin(), parameters.end());
}

double activated_unit(Activation activation, double v) {
  if (activation == Activation::tanh) return std::tanh(v);
  if (activation == Activation::sigmoid) return 1 / (1 + std::exp(-v));
  if (activation == Activation::silu) return v / (1 + std::exp(-v));
  if (activation == Activation::gelu) return v * std::erfc(-v / std::sqrt(2.0)) / 2;
  if (activation == Activation::softplus) return std::log1p(std::exp(v));
  if (activation == Activation::ssp) return std::log1p(std::exp(v)) - std::log(2.0);
  return v;
}

/// The layers on rows `x`, whose first product starts at `start`.
Array evaluate(const MlpShape& shape, const MlpOperands<Array>& p, const Array& start, const Array& x,
               const Array& residual) {
  Array y = x;
  for (std::size_t k = 0; k < p.weight.size(); ++k) {
    y = (y.matrix() * p.weight[k].matrix().transpose()).array().eval();
    if (k == 0) y += start;
    if (p.bias[k].size() > 0) y += p.bias[k].replicate(y.rows(), 1);
    if (k + 1 < p.weight.size() || shape.activate_last)
      y = y.unaryExpr([&](double v) { return activated_unit(shape.activation, v); }).eval();
  }
  for (Eigen::Index r = 0; shape.norm && r < y.rows(); ++r) {
    const double mean = y.row(r).mean(), variance = (y.row(r) - mean).square().mean();
    y.row(r) = ((y.row(r) - mean) / std::sqrt(variance + shape.epsilon)).eval();
    if (shape.norm_weights) y.row(r) = (y.row(r) * p.norm_weight + p.norm_bias).eval();
  }
  if (shape.residual) y += residual;
  return y;
}

/// The second operand is a factor for each row.
OpCase scaled_mlp(const char* name, Where where, const MlpShape& shape) {
  OpCase c;
  c.name = name;
  c.operands = {{where, 6, 5}, {where, 1, 5}};
  add_parameters(shape, 6, c.operands);
  c.op = [=](const Graph&, const Tensors& x) {
    ops::MlpLayers layers = mlp_layers(shape, x, 2);
    layers.scale = x[1];
    return Tensors{ops::mlp(std::span(x).first(1), layers)};
  };
  c.reference = [=](const Topology&, const Arrays& x) {
    MlpShape plain = shape;
    plain.residual = false;
    const Array start = Array::Zero(x[0].rows(), shape.widths[0]);
    const Array y = evaluate(plain, MlpOperands(shape, x, 2), start, x[0], x[0]);
    const Array scaled = y * x[1].replicate(1, y.cols());
    return Arrays{shape.residual ? Array(scaled + x[0]) : scaled};
  };
  return c;
}

OpCase mlp(const char* name, Where where, const std::vector<std::int64_t>& inputs, const MlpShape& shape) {
  OpCase c;
  c.name = name;
  std::int64_t in = 0;
  for (const std::int64_t cols : inputs) {
    c.operands.push_back({where, cols, 5});
    in += cols;
  }
  add_parameters(shape, in, c.operands);
  const std::size_t n = inputs.size();
  c.op = [=](const Graph&, const Tensors& x) {
    return Tensors{ops::mlp(std::span(x).first(n), mlp_layers(shape, x, n))};
  };
  c.reference = [=](const Topology&, const Arrays& x) {
    Array all(x[0].rows(), in);
    Eigen::Index first = 0;
    for (std::size_t i = 0; i < n; ++i) {
      all.middleCols(first, x[i].cols()) = x[i];
      first += x[i].cols();
    }
    const Array start = Array::Zero(all.rows(), shape.widths[0]);
    return Arrays{evaluate(shape, MlpOperands(shape, x, n), start, all, x[0])};
  };
  return c;
}

/// target[t] + source[s] for each edge.
Array start_of_edges(const Topology& t, const Array& target, const Array& source, const Array& ghosts) {
  Array y(t.edges(), target.cols());
  for (std::int64_t e = 0; e < t.edges(); ++e) {
    const std::int64_t ghost = t.ghost[std::size_t(e)];
    y.row(e) = target.row(t.target[std::size_t(e)]);
    if (ghost >= 0) y.row(e) += ghosts.row(ghost);
    else y.row(e) += source.row(t.source[std::size_t(e)]);
  }
  return y;
}

/// Edge rows of `in` columns; the ghosts are the halo of the source, or an operand apart.
OpCase edge_mlp(const char* name, std::int64_t in, bool with_halo, const MlpShape& shape, ops::EdgeMlpOptions options) {
  OpCase c;
  c.name = name;
  c.operands = {{Where::nodes, shape.widths[0]}, {Where::nodes, shape.widths[0]}, {Where::edges, in}};
  if (!with_halo) c.operands.push_back({Where::ghosts, shape.widths[0]});
  const std::size_t n = c.operands.size();
  add_parameters(shape, in, c.operands);
  c.op = [=](const Graph& g, const Tensors& x) {
    const Tensor ghosts = with_halo ? ops::halo(g, x[1]) : x[3];
    const ops::EdgeMlpResult result = ops::edge_mlp(g, x[0], x[1], ghosts, x[2], mlp_layers(shape, x, n), options);
    Tensors wanted;
    if (options.edges) wanted.push_back(result.edges);
    if (options.sum) wanted.push_back(result.sum);
    return wanted;
  };
  c.reference = [=](const Topology& t, const Arrays& x) {
    Array ghosts(t.ghosts(), shape.widths[0]);
    for (std::int64_t i = 0; i < t.ghosts(); ++i)
      ghosts.row(i) = with_halo ? x[1].row(t.ghost_node[std::size_t(i)]) : x[3].row(i);
    const Array start = start_of_edges(t, x[0], x[1], ghosts);
    const Array edges = evaluate(shape, MlpOperands(shape, x, n), start, x[2], x[2]);
    Array sum = Array::Zero(t.nodes, edges.cols());
    for (std::int64_t e = 0; e < t.edges(); ++e) sum.row(t.target[std::size_t(e)]) += edges.row(e);
    Arrays wanted;
    if (options.edges) wanted.push_back(edges);
    if (options.sum) wanted.push_back(sum);
    return wanted;
  };
  return c;
}

}  // namespace

void add_mlp_cases(std::vector<OpCase>& cases) {
  constexpr unsigned all = ~0u, but_first = ~1u;  // an edge network starts at its target instead of a bias
  MlpShape deep{{7, 5, 6}, Activation::tanh, all, true, true, true};
  MlpShape plain_norm{{17, 9}, Activation::sigmoid, all, true};
  cases.push_back(mlp("mlp of two inputs", Where::nodes, {6, 3}, deep));
  cases.push_back(mlp("mlp of one layer", Where::edges, {5}, {{3}, Activation::identity, 0}));
  cases.push_back(mlp("mlp with a plain norm", Where::nodes, {4}, plain_norm));
  cases.push_back(
      mlp("mlp of replicated rows", Where::replicated, {2, 1}, {{4, 2}, Activation::tanh, 1, false, false, true}));
  MlpShape ending{{7, 5, 6}, Activation::tanh, all};
  ending.activate_last = true;
  cases.push_back(mlp("mlp that ends with its activation", Where::nodes, {6, 3}, ending));
  for (const Activation activation : {Activation::silu, Activation::gelu, Activation::softplus, Activation::ssp}) {
    ending.activation = activation;
    cases.push_back(mlp("mlp that ends with", Where::nodes, {6, 3}, ending));
    cases.back().name += " " + std::string(ops::name_of(activation));
  }
  ending.activation = Activation::silu;
  cases.push_back(scaled_mlp("mlp with scaled rows", Where::edges, ending));
  cases.push_back(scaled_mlp("mlp with scaled rows and a residual", Where::nodes,
                             {{4, 6}, Activation::ssp, all, false, false, true}));
  cases.push_back(scaled_mlp("mlp with a norm and scaled rows", Where::nodes, plain_norm));
  deep.biases = ending.biases = plain_norm.biases = but_first;
  cases.push_back(edge_mlp("edge_mlp", 6, true, deep, {}));
  cases.push_back(edge_mlp("edge_mlp to sums", 3, true, plain_norm, {.edges = false}));
  cases.push_back(edge_mlp("edge_mlp to sums that ends with its activation", 3, true, ending, {.edges = false}));
  ending.norm = true;
  cases.push_back(edge_mlp("edge_mlp that ends with its activation and a norm", 3, true, ending, {}));
  cases.push_back(edge_mlp("edge_mlp of one layer", 3, false, {{7}, Activation::identity, 0}, {.sum = false}));
}

}  // namespace halograph::testing
