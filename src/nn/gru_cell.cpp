// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/gru_cell.hpp>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/gru.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph::nn {

GRUCell::GRUCell(std::string name, const GRUCellOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)), options_(options) {
  require(options.input_size > 0 && options.hidden_size > 0, "GRUCell ", name_, ": input_size ", options.input_size,
          " and hidden_size ", options.hidden_size, "; both are positive");
  const double bound = 1 / std::sqrt(double(options.hidden_size));
  const auto draw = [&](const char* part, std::int64_t rows, std::int64_t cols) {
    Tensor parameter = Tensor::empty(rows, cols, dtype);
    random.fill_uniform(parameter, join(name_, part), -bound, bound);
    return parameter.set_requires_grad();
  };
  const std::int64_t gates = 3 * options.hidden_size;
  weight_ih_ = draw("weight_ih", gates, options.input_size);
  weight_hh_ = draw("weight_hh", gates, options.hidden_size);
  if (!options.bias) return;
  bias_ih_ = draw("bias_ih", 1, gates);
  bias_hh_ = draw("bias_hh", 1, gates);
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

void GRUCell::collect(std::vector<NamedTensor>& parameters) const {
  parameters.push_back({join(name_, "weight_ih"), weight_ih_});
  parameters.push_back({join(name_, "weight_hh"), weight_hh_});
  if (!options_.bias) return;
  parameters.push_back({join(name_, "bias_ih"), bias_ih_, true});
  parameters.push_back({join(name_, "bias_hh"), bias_hh_, true});
}

}  // namespace halograph::nn
