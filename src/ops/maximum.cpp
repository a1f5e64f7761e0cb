// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/maximum.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/reduce.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {
namespace {

/// x minus the largest of its row, which is held constant.
Tensor below_largest(const char* name, const Tensor& x) {
  require(x.defined() && x.cols() > 0, name, ": needs columns, not ", x);
  Tensor largest = x.detach();
  while (largest.cols() > 1) {
    // The halves overlap where the number is odd.
    const std::int64_t half = (largest.cols() + 1) / 2;
    largest = maximum(largest.column_view(0, half), largest.column_view(largest.cols() - half, half));
  }
  return subtract(x, largest);
}

}  // namespace

Tensor maximum(const Tensor& a, const Tensor& b) {
  require_alike("maximum", a, b);
  require(a.rows() == b.rows() && a.cols() == b.cols() && a.row_space() == b.row_space(), "maximum: ", a, " with ", b);
  const Tensor y = with_rows_of(a, a.cols());
  kernels::table(y.device()).binary(kernels::Binary::maximum, in(a), in(b), out(y));
  return autograd::record(
      "maximum", {a, b}, y,
      [](const std::vector<Tensor>& given, const Tensor&, const Tensor& dy, const std::vector<char>&) {
        const Tensor to_b = step(subtract(given[1].detach(), given[0].detach()));
        return std::vector<Tensor>{multiply(dy, scale_shift(to_b, -1, 1)), multiply(dy, to_b)};
      });
}

Tensor softmax_columns(const Tensor& x) {
  const Tensor power = fading_exponential(below_largest("softmax_columns", x));
  return divide(power, sum_columns(power));
}

Tensor log_softmax_columns(const Tensor& x) {
  const Tensor shifted = below_largest("log_softmax_columns", x);
  return subtract(shifted, logarithm(sum_columns(fading_exponential(shifted))));
}

}  // namespace halograph::ops
