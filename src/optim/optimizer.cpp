// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/optimizer.hpp>

#include <halograph/core/error.hpp>
#include <kernels/kernels.hpp>

#include "core/views.hpp"

namespace halograph::optim {
namespace {

std::vector<Tensor> zeros_like(const std::vector<NamedTensor>& parameters) {
  std::vector<Tensor> zeros;
  for (const NamedTensor& p : parameters)
    zeros.push_back(Tensor::zeros(p.value.rows(), p.value.cols(), p.value.dtype(), nullptr, p.value.device()));
  return zeros;
}

void append(std::vector<NamedTensor>& state, const std::vector<NamedTensor>& parameters, const std::vector<Tensor>& values,
            const char* quantity) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    state.push_back({parameters[i].name + "." + quantity, values[i], parameters[i].vector});
}

/// By multiplications alone: pow of a math library could differ between machines.
double power(double base, std::int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

}  // namespace

void Optimizer::step(std::span<const Tensor> gradients, double rate) {
  require(gradients.size() == parameters_.size(), "optimizer: ", gradients.size(), " gradients for ", parameters_.size(),
          " parameters");
  ++steps_done_;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const Tensor& value = parameters_[i].value;
    require(gradients[i].rows() == value.rows() && gradients[i].cols() == value.cols() &&
                gradients[i].dtype() == value.dtype() && !gradients[i].partitioned(),
            "optimizer: gradient ", gradients[i].describe(), " for parameter ", parameters_[i].name, " ", value.describe());
    update(i, gradients[i], rate);
  }
}

Adam::Adam(std::vector<NamedTensor> parameters, const AdamOptions& options)
    : Optimizer(std::move(parameters)), options_(options), first_(zeros_like(parameters_)), second_(zeros_like(parameters_)) {
  for (const double beta : {options.beta1, options.beta2})
    require(beta >= 0 && beta < 1, "Adam: beta ", beta, " is not in [0, 1)");
}

std::vector<NamedTensor> Adam::state() const {
  std::vector<NamedTensor> state;
  append(state, parameters_, first_, "first_moment");
  append(state, parameters_, second_, "second_moment");
  return state;
}

void Adam::update(std::size_t i, const Tensor& gradient, double rate) {
  const Tensor& value = parameters_[i].value;
  kernels::AdamTask task{};
  task.value = out(value);
  task.first = out(first_[i]);
  task.second = out(second_[i]);
  task.gradient = in(gradient);
  task.rate = rate;
  task.beta1 = options_.beta1;
  task.beta2 = options_.beta2;
  task.epsilon = options_.epsilon;
  (options_.decoupled ? task.decoupled_decay : task.l2_decay) = options_.weight_decay;
  task.correction1 = 1 - power(options_.beta1, steps_done_);
  task.correction2 = 1 - power(options_.beta2, steps_done_);
  kernels::table(value.device()).adam(task);
}

Sgd::Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options)
    : Optimizer(std::move(parameters)), options_(options) {
  require(!options.nesterov || options.momentum > 0, "Sgd: nesterov needs momentum");
  if (options.momentum != 0) velocity_ = zeros_like(parameters_);
}

std::vector<NamedTensor> Sgd::state() const {
  std::vector<NamedTensor> state;
  if (!velocity_.empty()) append(state, parameters_, velocity_, "velocity");
  return state;
}

void Sgd::update(std::size_t i, const Tensor& gradient, double rate) {
  const Tensor& value = parameters_[i].value;
  const kernels::Out velocity = velocity_.empty() ? kernels::Out{} : out(velocity_[i]);
  kernels::table(value.device())
      .momentum({out(value), velocity, in(gradient), rate, options_.momentum, options_.weight_decay, options_.nesterov});
}

}  // namespace halograph::optim
