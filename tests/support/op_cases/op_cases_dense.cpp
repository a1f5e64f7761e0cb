// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <halograph/ops/linear.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

Array matmul(const Array& a, const Array& b) { return (a.matrix() * b.matrix()).array(); }

double activated(ops::Activation activation, double x) {
  switch (activation) {
    case ops::Activation::relu: return x > 0 ? x : 0;
    case ops::Activation::elu: return x > 0 ? x : std::expm1(x);
    case ops::Activation::tanh: return std::tanh(x);
    case ops::Activation::sigmoid: return 1 / (1 + std::exp(-x));
    case ops::Activation::softplus: return std::log1p(std::exp(x));
    case ops::Activation::silu: return x / (1 + std::exp(-x));
    case ops::Activation::gelu: return x * (1 + std::erf(x / std::sqrt(2.0))) / 2;
    case ops::Activation::leaky_relu: return x > 0 ? x : 0.01 * x;
    case ops::Activation::selu: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x));
    case ops::Activation::ssp: return std::log1p(std::exp(x)) - std::log(2.0);
    default: return x;
  }
}

/// Inputs of the given columns, weight, and perhaps a bias.
OpCase linear(Where where, const std::vector<std::int64_t>& cols, std::int64_t out, bool bias,
              ops::Activation activation) {
  OpCase c;
  c.name = "linear " + std::to_string(cols.size()) + (bias ? " with bias " : " ") +
           std::string(ops::name_of(activation)) + (where == Where::edges ? " of edges" : "");
  std::int64_t depth = 0;
  for (const std::int64_t n : cols) {
    c.operands.push_back({where, n, 4});
    depth += n;
  }
  c.operands.push_back({Where::replicated, depth, out});
  if (bias) c.operands.push_back({Where::replicated, out});
  const std::size_t n = cols.size();
  c.op = [=](const Graph&, const Tensors& x) {
    return Tensors{ops::linear(std::span(x).first(n), x[n], bias ? x[n + 1] : Tensor(), activation)};
  };
  c.reference = [=](const Topology&, const Arrays& x) {
    Array y = bias ? Array(x[n + 1].replicate(x[0].rows(), 1)) : Array(Array::Zero(x[0].rows(), out));
    Eigen::Index first = 0;
    for (std::size_t i = 0; i < n; ++i) {
      y += matmul(x[i], x[n].middleCols(first, x[i].cols()).transpose());
      first += x[i].cols();
    }
    return Arrays{y.unaryExpr([=](double v) { return activated(activation, v); })};
  };
  return c;
}

}  // namespace

void add_dense_cases(std::vector<OpCase>& cases) {
  using ops::Activation;
  for (const bool bias : {false, true}) {
    cases.push_back(linear(Where::nodes, {5}, 7, bias, Activation::identity));
    cases.push_back(linear(Where::nodes, {5, 3}, 9, bias, Activation::tanh));
    cases.push_back(linear(Where::edges, {2, 1, 4}, 3, bias, Activation::identity));
    cases.push_back(linear(Where::nodes, {1, 2, 3, 4}, 17, bias, Activation::identity));
    cases.push_back(linear(Where::replicated, {5, 2}, 3, bias, Activation::sigmoid));
  }
  for (const Activation activation :
       {Activation::relu, Activation::elu, Activation::tanh, Activation::sigmoid, Activation::softplus,
        Activation::silu, Activation::gelu, Activation::leaky_relu, Activation::selu, Activation::ssp})
    cases.push_back(linear(Where::edges, {6}, 5, true, activation));

  OpCase product;
  product.name = "product";
  product.operands = {{Where::nodes, 5}, {Where::replicated, 7, 5}};
  product.op = [](const Graph&, const Tensors& x) { return Tensors{ops::product(x[0], x[1])}; };
  product.reference = [](const Topology&, const Arrays& x) { return Arrays{matmul(x[0], x[1])}; };
  cases.push_back(product);

  for (const Where where : {Where::nodes, Where::edges, Where::replicated}) {
    OpCase outer;
    outer.name = where == Where::nodes ? "outer of nodes" : where == Where::edges ? "outer of edges" : "outer";
    outer.operands = {{where, 5, 4}, {where, 3, 4}};
    outer.op = [](const Graph&, const Tensors& x) { return Tensors{ops::outer(x[0], x[1])}; };
    outer.reference = [](const Topology&, const Arrays& x) { return Arrays{matmul(x[0].transpose(), x[1])}; };
    cases.push_back(outer);
  }
}

}  // namespace halograph::testing
