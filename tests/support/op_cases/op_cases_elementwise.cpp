// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using Unary = Tensor (*)(const Tensor&);
using Scalar = double (*)(double);
using Binary = Tensor (*)(const Tensor&, const Tensor&);
using Scalar2 = double (*)(double, double);

OpCase unary(const char* name, Unary op, Scalar f, Values values = Values::any) {
  OpCase c;
  c.name = name;
  c.operands = {{Where::nodes, 5, 1, values}};
  c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x[0])}; };
  c.reference = [f](const Topology&, const Arrays& x) { return Arrays{x[0].unaryExpr(f)}; };
  return c;
}

Array repeated(const Array& x, Eigen::Index rows, Eigen::Index cols) {
  return x.replicate(rows / x.rows(), cols / x.cols());
}

OpCase binary(const std::string& name, Binary op, Scalar2 f, const Operand& a, const Operand& b) {
  OpCase c;
  c.name = name;
  c.operands = {a, b};
  c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x[0], x[1])}; };
  c.reference = [f](const Topology&, const Arrays& x) {
    const Eigen::Index rows = std::max(x[0].rows(), x[1].rows()), cols = std::max(x[0].cols(), x[1].cols());
    return Arrays{repeated(x[0], rows, cols).binaryExpr(repeated(x[1], rows, cols), f)};
  };
  return c;
}

void add_binary(std::vector<OpCase>& cases, const std::string& name, Binary op, Scalar2 f, Values divisor,
                bool linear) {
  const auto add = [&](const std::string& shapes, Operand a, Operand b) {
    b.values = divisor;
    cases.push_back(binary(name + "(" + shapes + ")", op, f, a, b));
    cases.back().linear = linear;
  };
  const Operand full{Where::nodes, 5}, column{Where::nodes, 1}, row{Where::replicated, 5}, scalar{Where::replicated, 1};
  const Operand few{Where::replicated, 5, 3}, few_column{Where::replicated, 1, 3};
  add("full, full", full, full);
  add("full, column", full, column);
  add("full, row", full, row);
  add("full, scalar", full, scalar);
  add("column, full", column, full);
  add("row, full", row, full);
  add("scalar, full", scalar, full);
  add("column, column", column, column);
  add("few, row", few, row);
  add("column of few, few", few_column, few);
  add("few, scalar", few, scalar);
}

double elu(double x) { return x > 0 ? x : std::expm1(x); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

void add_elementwise_cases(std::vector<OpCase>& cases) {
  add_binary(
      cases, "add", ops::add, [](double a, double b) { return a + b; }, Values::any, true);
  add_binary(
      cases, "subtract", ops::subtract, [](double a, double b) { return a - b; }, Values::any, true);
  add_binary(
      cases, "multiply", ops::multiply, [](double a, double b) { return a * b; }, Values::any, false);
  add_binary(
      cases, "divide", ops::divide, [](double a, double b) { return a / b; }, Values::off_zero, false);

  cases.push_back(unary("identity", ops::identity, [](double x) { return x; }));
  cases.back().linear = true;
  cases.push_back(unary("negate", ops::negate, [](double x) { return -x; }));
  cases.back().linear = true;
  cases.push_back(unary(
      "scale", [](const Tensor& x) { return ops::scale_shift(x, 3); }, [](double x) { return 3 * x; }));
  cases.back().linear = true;
  cases.push_back(unary(
      "scale_shift", [](const Tensor& x) { return ops::scale_shift(x, 3, 2); }, [](double x) { return 3 * x + 2; }));
  cases.push_back(unary(
      "absolute", ops::absolute, [](double x) { return std::abs(x); }, Values::off_zero));
  cases.push_back(unary("square", ops::square, [](double x) { return x * x; }));
  cases.push_back(unary(
      "square_root", ops::square_root, [](double x) { return std::sqrt(x); }, Values::positive));
  cases.push_back(unary(
      "reciprocal", ops::reciprocal, [](double x) { return 1 / x; }, Values::off_zero));
  cases.push_back(unary("exponential", ops::exponential, [](double x) { return std::exp(x); }));
  cases.push_back(unary("fading_exponential", ops::fading_exponential, [](double x) { return std::exp(x); }));
  cases.push_back(unary(
      "logarithm", ops::logarithm, [](double x) { return std::log(x); }, Values::positive));
  cases.push_back(unary("sine", ops::sine, [](double x) { return std::sin(x); }));
  cases.push_back(unary("cosine", ops::cosine, [](double x) { return std::cos(x); }));
  cases.push_back(unary("error_function", ops::error_function, [](double x) { return std::erf(x); }));
  cases.push_back(unary(
      "step", ops::step, [](double x) { return double(x > 0); }, Values::off_zero));
  cases.push_back(unary(
      "sign", ops::sign, [](double x) { return double(x > 0) - double(x < 0); }, Values::off_zero));
  cases.push_back(unary(
      "relu", ops::relu, [](double x) { return x > 0 ? x : 0; }, Values::off_zero));
  cases.push_back(unary("elu", ops::elu, elu, Values::off_zero));
  cases.push_back(unary("tanh", ops::tanh, [](double x) { return std::tanh(x); }));
  cases.push_back(unary("sigmoid", ops::sigmoid, sigmoid));
  cases.push_back(unary("softplus", ops::softplus, [](double x) { return std::log1p(std::exp(x)); }));
  cases.push_back(unary("silu", ops::silu, [](double x) { return x * sigmoid(x); }));
  cases.push_back(unary(
      "leaky_relu", [](const Tensor& x) { return ops::leaky_relu(x, 0.2); },
      [](double x) { return x > 0 ? x : 0.2 * x; }, Values::off_zero));
  cases.push_back(unary(
      "leaky_relu as activation", [](const Tensor& x) { return ops::activate(ops::Activation::leaky_relu, x); },
      [](double x) { return x > 0 ? x : 0.01 * x; }, Values::off_zero));
  cases.push_back(unary(
      "selu", ops::selu, [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); },
      Values::off_zero));
  cases.push_back(unary("shifted_softplus", ops::shifted_softplus,
                        [](double x) { return std::log1p(std::exp(x)) - std::log(2.0); }));
  cases.push_back(unary("gelu", ops::gelu, [](double x) { return x * (1 + std::erf(x / std::sqrt(2.0))) / 2; }));

  cases.push_back(unary(
      "cast", [](const Tensor& x) { return ops::cast(ops::cast(x, DType::f32), x.dtype()); },
      [](double x) { return double(float(x)); }));
  cases.back().smooth = false;
  for (const auto activation : {ops::Activation::relu, ops::Activation::elu, ops::Activation::tanh,
                                ops::Activation::sigmoid, ops::Activation::leaky_relu, ops::Activation::selu}) {
    OpCase c;
    c.name = "activation_slope_product " + std::string(ops::name_of(activation));
    c.operands = {{Where::nodes, 5, 1, Values::off_zero}, {Where::nodes, 5}};
    c.op = [activation](const Graph&, const Tensors& x) {
      return Tensors{ops::activation_slope_product(activation, ops::activate(activation, x[0]), x[1])};
    };
    c.reference = [activation](const Topology&, const Arrays& x) {
      const auto slope = [activation](double v) {
        switch (activation) {
          case ops::Activation::relu: return double(v > 0);
          case ops::Activation::elu: return v > 0 ? 1.0 : std::exp(v);
          case ops::Activation::leaky_relu: return v > 0 ? 1 : 0.01;
          case ops::Activation::selu: return 1.0507009873554805 * (v > 0 ? 1 : 1.6732632423543772 * std::exp(v));
          case ops::Activation::tanh: return 1 - std::tanh(v) * std::tanh(v);
          default: return sigmoid(v) * (1 - sigmoid(v));
        }
      };
      return Arrays{x[0].unaryExpr(slope) * x[1]};
    };
    cases.push_back(c);
  }
  for (const auto activation :
       {ops::Activation::softplus, ops::Activation::silu, ops::Activation::gelu, ops::Activation::ssp}) {
    OpCase c;
    c.name = "activation_slope_product " + std::string(ops::name_of(activation));
    c.operands = {{Where::nodes, 5}, {Where::nodes, 5}};
    c.op = [activation](const Graph&, const Tensors& x) {
      return Tensors{ops::activation_slope_product(activation, x[0], x[1])};
    };
    c.reference = [activation](const Topology&, const Arrays& x) {
      const auto slope = [activation](double v) {
        if (activation == ops::Activation::silu) return sigmoid(v) + v * sigmoid(v) * (1 - sigmoid(v));
        if (activation == ops::Activation::gelu)
          return std::erfc(-v / std::sqrt(2.0)) / 2 + v * std::exp(-v * v / 2) / std::sqrt(2 * std::acos(-1.0));
        return sigmoid(v);
      };
      return Arrays{x[0].unaryExpr(slope) * x[1]};
    };
    cases.push_back(c);
  }
}

}  // namespace halograph::testing
