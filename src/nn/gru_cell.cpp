// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/gru_cell.hpp>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/ops/gru.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph::nn {

GRUCell::GRUCell(const Scope& scope, const GRUCellOptions& options) : name_(scope.name()), options_(options) {
  require(options.input_size > 0 && options.hidden_size > 0, "GRUCell ", name_, ": input_size ", options.input_size,
          " and hidden_size ", options.hidden_size, "; both are positive");
  const double bound = 1 / std::sqrt(double(options.hidden_size));
  const std::int64_t gates = 3 * options.hidden_size;
  weight_ih_ = scope.uniform("weight_ih", gates, options.input_size, bound);
  weight_hh_ = scope.uniform("weight_hh", gates, options.hidden_size, bound);
  if (!options.bias) return;
  bias_ih_ = scope.uniform("bias_ih", 1, gates, bound, true);
  bias_hh_ = scope.uniform("bias_hh", 1, gates, bound, true);
}

Tensor GRUCell::operator()(const Tensor& x, const Tensor& h) const {
  require(x.defined() && x.cols() == options_.input_size, "GRUCell ", name_, ": ", x, " for input_size ",
          options_.input_size);
  const Tensor before =
      h.defined() ? h : Tensor::zeros(x.rows(), options_.hidden_size, x.dtype(), x.row_space(), x.device());
  require(before.cols() == options_.hidden_size, "GRUCell ", name_, ": state ", before, " for hidden_size ",
          options_.hidden_size);
  return ops::gru_gates(ops::linear(x, weight_ih_, bias_ih_), ops::linear(before, weight_hh_, bias_hh_), before);
}

}  // namespace halograph::nn
