// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <halograph/ops/gru.hpp>
#include <halograph/ops/rows.hpp>

#include "ops/composed.hpp"
#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

Array gru_reference(const Arrays& x) {
  Array y = x[2];
  const Eigen::Index c = y.cols();
  for (Eigen::Index i = 0; i < y.rows(); ++i)
    for (Eigen::Index k = 0; k < c; ++k) {
      const double r = sigmoid(x[0](i, k) + x[1](i, k)), z = sigmoid(x[0](i, c + k) + x[1](i, c + k));
      const double n = std::tanh(x[0](i, 2 * c + k) + r * x[1](i, 2 * c + k));
      y(i, k) = (1 - z) * n + z * x[2](i, k);
    }
  return y;
}

using RecurrentOp = Tensor (*)(const Tensors&);
using RecurrentReference = Array (*)(const Arrays&);

OpCase make(std::string name, std::vector<Operand> operands, RecurrentOp op, RecurrentReference reference,
            bool linear) {
  OpCase c;
  c.name = std::move(name);
  c.operands = std::move(operands);
  c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x)}; };
  c.reference = [reference](const Topology&, const Arrays& x) { return Arrays{reference(x)}; };
  c.linear = linear;
  return c;
}

}  // namespace

void add_recurrent_cases(std::vector<OpCase>& cases) {
  for (const std::int64_t c : {1, 5, 21}) {
    const std::vector<Operand> operands{{Where::nodes, 3 * c}, {Where::nodes, 3 * c}, {Where::nodes, c}};
    const std::string of = " of " + std::to_string(c);
    cases.push_back(make(
        "gru_gates" + of, operands, [](const Tensors& x) { return ops::gru_gates(x[0], x[1], x[2]); }, gru_reference,
        false));
  }
  cases.push_back(make(
      "composed_gru_gates", {{Where::edges, 9}, {Where::edges, 9}, {Where::edges, 3}},
      [](const Tensors& x) { return ops::composed_gru_gates(x[0], x[1], x[2]); }, gru_reference, false));
  cases.push_back(make(
      "slice_rows", {{Where::replicated, 5, 7}}, [](const Tensors& x) { return ops::slice_rows(x[0], 2, 3); },
      [](const Arrays& x) -> Array { return x[0].middleRows(2, 3); }, true));
  cases.push_back(make(
      "pad_rows", {{Where::replicated, 5, 2}}, [](const Tensors& x) { return ops::pad_rows(x[0], 1, 6); },
      [](const Arrays& x) -> Array {
        Array y = Array::Zero(6, 5);
        y.middleRows(1, 2) = x[0];
        return y;
      },
      true));
}

}  // namespace halograph::testing
