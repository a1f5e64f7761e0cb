// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/gru.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/composed.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

namespace {

void check(const char* name, const Tensor& input, const Tensor& hidden, const Tensor& state) {
  for (const Tensor* gates : {&input, &hidden}) {
    require_alike(name, state, *gates);
    require(
        gates->rows() == state.rows() && gates->row_space() == state.row_space() && gates->cols() == 3 * state.cols(),
        name, ": ", *gates, " for the state ", state);
  }
}

Tensors gru_vjp(const VjpArguments& arguments) {
  if (autograd::recording())
    return autograd::replay([](const Tensors& x) { return Tensors{composed_gru_gates(x[0], x[1], x[2])}; }, arguments);
  const Tensors& given = arguments.inputs;
  Tensors gradients;
  for (const Tensor& x : given) gradients.push_back(with_rows_of(x, x.cols()));
  kernels::table(given[2].device())
      .gru_gradient({in(given[0]), in(given[1]), in(given[2]), in(arguments.cotangents[0]), out(gradients[0]),
                     out(gradients[1]), out(gradients[2])});
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (!arguments.wanted[i]) gradients[i] = {};
  return gradients;
}

}  // namespace

Tensor gru_gates(const Tensor& input, const Tensor& hidden, const Tensor& state) {
  check("gru_gates", input, hidden, state);
  const Tensor y = with_rows_of(state, state.cols());
  kernels::table(y.device()).gru(in(input), in(hidden), in(state), out(y));
  autograd::record("gru_gates", {input, hidden, state}, Tensors{y}, gru_vjp);
  return y;
}

Tensor composed_gru_gates(const Tensor& input, const Tensor& hidden, const Tensor& state) {
  check("composed_gru_gates", input, hidden, state);
  const std::int64_t c = state.cols();
  const Tensor both = sigmoid(add(slice_columns(input, 0, 2 * c), slice_columns(hidden, 0, 2 * c)));
  const Tensor reset = slice_columns(both, 0, c), update = slice_columns(both, c, c);
  const Tensor n = tanh(add(slice_columns(input, 2 * c, c), multiply(reset, slice_columns(hidden, 2 * c, c))));
  return add(n, multiply(update, subtract(state, n)));
}

}  // namespace halograph::ops
