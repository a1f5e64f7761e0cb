// SPDX-License-Identifier: BSD-3-Clause
// Reductions, column ranges and layer norm.
#include <array>
#include <cmath>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/select.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using RowsOp = Tensor (*)(const Tensors&);
using RowsReference = Array (*)(const Arrays&);

OpCase row_case(std::string name, std::vector<Operand> operands, RowsOp op, RowsReference reference,
                bool linear = true) {
  OpCase c;
  c.name = std::move(name);
  c.operands = std::move(operands);
  c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x)}; };
  c.reference = [reference](const Topology&, const Arrays& x) { return Arrays{reference(x)}; };
  c.linear = linear;
  return c;
}

Array layer_norm(const Arrays& x) {
  Array y(x[0].rows(), x[0].cols());
  for (Eigen::Index r = 0; r < y.rows(); ++r) {
    const double mean = x[0].row(r).mean();
    const double variance = (x[0].row(r) - mean).square().mean();
    y.row(r) = (x[0].row(r) - mean) / std::sqrt(variance + 1e-5);
    if (x.size() > 1) y.row(r) = y.row(r) * x[1] + x[2];
  }
  return y;
}

/// Odd global rows, and those of the others that are multiples of three.
std::pair<RowSelection, RowSelection> selections(const Tensor& x) {
  std::vector<std::int32_t> odd, third;
  for (std::int64_t r = 0; r < x.rows(); ++r) {
    const std::int64_t row = x.row_space()->first_row() + r;
    if (row % 2 == 1) odd.push_back(std::int32_t(r));
    else if (row % 3 == 0) third.push_back(std::int32_t(r));
  }
  return {RowSelection(x.row_space(), odd, x.device()), RowSelection(x.row_space(), third, x.device())};
}

}  // namespace

void add_row_cases(std::vector<OpCase>& cases) {
  const Operand nodes{Where::nodes, 5}, edges{Where::edges, 21}, few{Where::replicated, 19, 3};
  for (const auto& [name, operand] :
       {std::pair("nodes", nodes), std::pair("edges", edges), std::pair("replicated", few)}) {
    const auto of = [&, where = name](const char* op) { return std::string(op) + " of " + where; };
    cases.push_back(row_case(
        of("sum_columns"), {operand}, [](const Tensors& x) { return ops::sum_columns(x[0]); },
        [](const Arrays& x) -> Array { return x[0].rowwise().sum(); }));
    cases.push_back(row_case(
        of("sum_rows"), {operand}, [](const Tensors& x) { return ops::sum_rows(x[0]); },
        [](const Arrays& x) -> Array { return x[0].colwise().sum(); }));
    cases.push_back(row_case(
        of("sum"), {operand}, [](const Tensors& x) { return ops::sum(x[0]); },
        [](const Arrays& x) -> Array { return Array::Constant(1, 1, x[0].sum()); }));
    cases.push_back(row_case(
        of("mean"), {operand}, [](const Tensors& x) { return ops::mean(x[0]); },
        [](const Arrays& x) -> Array { return Array::Constant(1, 1, x[0].mean()); }, false));
    cases.push_back(row_case(
        of("max_rows"), {operand}, [](const Tensors& x) { return ops::max_rows(x[0]); },
        [](const Arrays& x) -> Array { return x[0].colwise().maxCoeff(); }, false));
    cases.back().differentiable = false;
    cases.push_back(row_case(
        of("layer_norm"), {operand}, [](const Tensors& x) { return ops::layer_norm(x[0], {}, {}); }, layer_norm,
        false));
    const Operand row{Where::replicated, operand.cols};
    cases.push_back(row_case(
        of("layer_norm with weights"), {operand, row, row},
        [](const Tensors& x) { return ops::layer_norm(x[0], x[1], x[2]); }, layer_norm, false));
    cases.push_back(row_case(
        of("repeat_row to rows"), {row, operand}, [](const Tensors& x) { return ops::repeat_row(x[0], x[1]); },
        [](const Arrays& x) -> Array { return x[0].replicate(x[1].rows(), 1); }));
  }
  cases.push_back(row_case(
      "maximum", {nodes, nodes}, [](const Tensors& x) { return ops::maximum(x[0], x[1]); },
      [](const Arrays& x) -> Array { return x[0].max(x[1]); }, false));
  cases.push_back(row_case(
      "softmax_columns", {nodes}, [](const Tensors& x) { return ops::softmax_columns(x[0]); },
      [](const Arrays& x) -> Array { return x[0].exp().colwise() / x[0].exp().rowwise().sum(); }, false));
  cases.push_back(row_case(
      "select_rows and place_rows", {nodes},
      [](const Tensors& x) {
        const auto [odd, third] = selections(x[0]);
        const std::array<Tensor, 2> parts{ops::scale_shift(ops::select_rows(odd, x[0]), 3),
                                          ops::select_rows(third, x[0])};
        const std::array<RowSelection, 2> places{odd, third};
        return ops::place_rows(places, parts);
      },
      [](const Arrays& x) -> Array {
        Array y = Array::Zero(x[0].rows(), x[0].cols());
        for (Eigen::Index r = 0; r < y.rows(); ++r)
          if (r % 2 == 1) y.row(r) = 3 * x[0].row(r);
          else if (r % 3 == 0) y.row(r) = x[0].row(r);
        return y;
      }));
  cases.push_back(row_case(
      "repeat_column", {{Where::nodes, 1}}, [](const Tensors& x) { return ops::repeat_column(x[0], 7); },
      [](const Arrays& x) -> Array { return x[0].replicate(1, 7); }));
  cases.push_back(row_case(
      "slice_columns", {nodes}, [](const Tensors& x) { return ops::slice_columns(x[0], 1, 3); },
      [](const Arrays& x) -> Array { return x[0].middleCols(1, 3); }));
  cases.push_back(row_case(
      "pad_columns", {nodes}, [](const Tensors& x) { return ops::pad_columns(x[0], 2, 9); },
      [](const Arrays& x) -> Array {
        Array y = Array::Zero(x[0].rows(), 9);
        y.middleCols(2, 5) = x[0];
        return y;
      }));
  cases.push_back(row_case(
      "concatenate", {nodes, {Where::nodes, 1}, {Where::nodes, 3}},
      [](const Tensors& x) { return ops::concatenate(x); },
      [](const Arrays& x) -> Array {
        Array y(x[0].rows(), 9);
        y << x[0], x[1], x[2];
        return y;
      }));
  cases.push_back(row_case(
      "operations on slices", {nodes},
      [](const Tensors& x) {
        const Tensor left = ops::slice_columns(x[0], 0, 2), right = ops::slice_columns(x[0], 2, 2);
        return ops::multiply(ops::tanh(left), ops::layer_norm(right, {}, {}, 0.1));
      },
      [](const Arrays& x) -> Array {
        Array y(x[0].rows(), 2);
        for (Eigen::Index r = 0; r < y.rows(); ++r) {
          const double a = x[0](r, 2), b = x[0](r, 3), half = (a - b) / 2;
          const double scaled = half / std::sqrt(half * half + 0.1);
          y.row(r) << std::tanh(x[0](r, 0)) * scaled, -std::tanh(x[0](r, 1)) * scaled;
        }
        return y;
      },
      false));
}

}  // namespace halograph::testing
