// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/optimizer.hpp>

#include <utility>

#include <halograph/core/error.hpp>

#include "optim/segments.hpp"

namespace halograph::optim {
namespace {

/// By multiplications alone: pow of a math library could differ between machines.
double power(double base, std::int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

}  // namespace

Optimizer::Optimizer(std::vector<NamedTensor> parameters, const std::vector<std::string>& quantities)
    : parameters_(std::move(parameters)) {
  for (const NamedTensor& p : parameters_)
    require(adjacent(p.value), "optimizer: the rows of parameter ", p.name, " are not adjacent in memory");
  for (const std::string& name : quantities) {
    Quantity& quantity = quantities_.emplace_back(Quantity{name, {}});
    for (const NamedTensor& p : parameters_)
      quantity.values.push_back(Tensor::zeros(p.value.rows(), p.value.cols(), p.value.dtype(), nullptr, p.value.device()));
  }
}

std::vector<NamedTensor> Optimizer::state() const {
  std::vector<NamedTensor> state;
  for (const Quantity& quantity : quantities_)
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      state.push_back({parameters_[i].name + "." + quantity.name, quantity.values[i], parameters_[i].axes});
  return state;
}

void Optimizer::require_gradients(std::span<const Tensor> gradients) const {
  require(gradients.size() == parameters_.size(), "optimizer: ", gradients.size(), " gradients for ", parameters_.size(),
          " parameters");
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const Tensor& value = parameters_[i].value;
    require(gradients[i].rows() == value.rows() && gradients[i].cols() == value.cols() &&
                gradients[i].dtype() == value.dtype() && gradients[i].device() == value.device() &&
                !gradients[i].partitioned(),
            "optimizer: gradient ", gradients[i].describe(), " for parameter ", parameters_[i].name, " ", value.describe());
  }
}

void Optimizer::step(std::span<const Tensor> gradients, double rate) {
  require_gradients(gradients);
  ++steps_done_;
  for_each_alike(gradients, [&](std::size_t begin, std::size_t count) {
    std::vector<kernels::ParameterSegment> segments(count);
    std::vector<Tensor> kept;
    for (std::size_t k = 0; k < count; ++k) {
      const Tensor& value = parameters_[begin + k].value;
      const auto quantity = [&](std::size_t q) {
        return q < quantities_.size() ? quantities_[q].values[begin + k].data() : nullptr;
      };
      segments[k] = {value.data(), quantity(0), quantity(1), kept.emplace_back(without_gaps(gradients[begin + k])).data(),
                     value.rows() * value.cols()};
    }
    update({segments.data(), std::int64_t(count), gradients[begin].dtype()}, gradients[begin].device(), rate);
  });
}

Adam::Adam(std::vector<NamedTensor> parameters, const AdamOptions& options)
    : Optimizer(std::move(parameters), {"first_moment", "second_moment"}), options_(options) {
  for (const double beta : {options.beta1, options.beta2})
    require(beta >= 0 && beta < 1, "Adam: beta ", beta, " is not in [0, 1)");
}

void Adam::update(const kernels::ParameterList& list, Device device, double rate) {
  kernels::AdamTask task{};
  task.parameters = list;
  task.rate = rate;
  task.beta1 = options_.beta1;
  task.beta2 = options_.beta2;
  task.epsilon = options_.epsilon;
  (options_.decoupled ? task.decoupled_decay : task.l2_decay) = options_.weight_decay;
  task.correction1 = 1 - power(options_.beta1, steps_done_);
  task.correction2 = 1 - power(options_.beta2, steps_done_);
  kernels::table(device).adam(task);
}

Sgd::Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options)
    : Optimizer(std::move(parameters),
                options.momentum != 0 ? std::vector<std::string>{"velocity"} : std::vector<std::string>()),
      options_(options) {
  require(!options.nesterov || options.momentum > 0, "Sgd: nesterov needs momentum");
}

void Sgd::update(const kernels::ParameterList& list, Device device, double rate) {
  kernels::table(device).momentum({list, rate, options_.momentum, options_.weight_decay, options_.nesterov});
}

}  // namespace halograph::optim
