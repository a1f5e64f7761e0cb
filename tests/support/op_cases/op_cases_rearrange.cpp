// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/rearrange.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using RearrangeOp = Tensor (*)(const Tensor&);
using RearrangeReference = Array (*)(const Array&);

OpCase make(const char* name, std::int64_t rows, std::int64_t cols, RearrangeOp op, RearrangeReference reference) {
  OpCase c;
  c.name = name;
  c.operands = {{Where::replicated, cols, rows}};
  c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x[0])}; };
  c.reference = [reference](const Topology&, const Arrays& x) { return Arrays{reference(x[0])}; };
  c.linear = true;
  return c;
}

Array rows_of(const Array& x, Eigen::Index rows, Eigen::Index cols) {
  const Array copy = x;
  return Eigen::Map<const Array>(copy.data(), rows, cols);
}

}  // namespace

void add_rearrange_cases(std::vector<OpCase>& cases) {
  cases.push_back(make(
      "reshaped", 4, 9, [](const Tensor& x) { return ops::reshaped(x, 12, 3); },
      [](const Array& x) { return rows_of(x, 12, 3); }));
  cases.push_back(make(
      "reshaped columns", 4, 6, [](const Tensor& x) { return ops::reshaped(ops::slice_columns(x, 1, 3), 2, 6); },
      [](const Array& x) { return rows_of(x.middleCols(1, 3), 2, 6); }));
  cases.push_back(
      make("transposed, wide", 3, 7, ops::transposed, [](const Array& x) -> Array { return x.transpose(); }));
  cases.push_back(
      make("transposed, tall", 7, 4, ops::transposed, [](const Array& x) -> Array { return x.transpose(); }));
  cases.push_back(make(
      "transposed columns", 3, 8, [](const Tensor& x) { return ops::transposed(ops::slice_columns(x, 2, 5)); },
      [](const Array& x) -> Array { return x.middleCols(2, 5).transpose(); }));
}

}  // namespace halograph::testing
