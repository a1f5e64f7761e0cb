// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/gru.hpp>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/check.hpp"

namespace halograph::ops {

Tensor gru_gates(const Tensor& input, const Tensor& hidden, const Tensor& state) {
  require_alike("gru_gates", input, hidden);
  require_alike("gru_gates", input, state);
  const std::int64_t c = state.cols();
  require(input.cols() == 3 * c && hidden.cols() == 3 * c, "gru_gates: ", input, " and ", hidden, " for the state ", state);
  const auto column = [c](const Tensor& x, std::int64_t gate) { return slice_columns(x, gate * c, c); };
  const Tensor both = sigmoid(add(slice_columns(input, 0, 2 * c), slice_columns(hidden, 0, 2 * c)));
  const Tensor n = tanh(add(column(input, 2), multiply(column(both, 0), column(hidden, 2))));
  return add(n, multiply(column(both, 1), subtract(state, n)));
}

}  // namespace halograph::ops
