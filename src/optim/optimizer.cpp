// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/optimizer.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_set>
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

/// A finite number that is not negative.
void require_size(const char* what, double value) {
  require(std::isfinite(value) && value >= 0, "optimizer: ", what, " is ", value, "; it is a number of at least 0");
}

/// Every tensor is one that an update makes sense for, and would get one update.
void require_parameters(const std::vector<NamedTensor>& parameters) {
  struct Memory {
    const char *begin, *end;
    const std::string* name;
  };
  std::vector<Memory> memory;
  std::unordered_set<std::string> names;
  for (const NamedTensor& p : parameters) {
    require(p.value.defined(), "optimizer: parameter ", p.name, " is undefined");
    require(!p.value.partitioned(), "optimizer: parameter ", p.name, " ", p.value, "; parameters are replicated");
    require(p.value.requires_grad(), "optimizer: ", p.name,
            " does not require a gradient: it is a buffer or was not marked. trainable() leaves buffers out");
    require(!p.value.handle()->node, "optimizer: ", p.name, " is the result of a recorded operation, not a leaf");
    require(adjacent(p.value), "optimizer: the rows of parameter ", p.name, " are not adjacent in memory");
    require(names.insert(p.name).second, "optimizer: two parameters are named ", p.name,
            "; a checkpoint could not tell them apart");
    const auto* begin = static_cast<const char*>(p.value.data());
    memory.push_back(
        {begin, begin + p.value.rows() * p.value.cols() * std::int64_t(size_of(p.value.dtype())), &p.name});
  }
  std::sort(memory.begin(), memory.end(), [](const Memory& a, const Memory& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < memory.size(); ++i)
    require(memory[i].begin >= memory[i - 1].end, "optimizer: ", *memory[i - 1].name, " and ", *memory[i].name,
            " are one tensor, which would be updated twice. trainable() lists it once");
}

std::vector<ParameterGroup> one_group(std::vector<NamedTensor> parameters) {
  std::vector<ParameterGroup> groups(1);
  groups[0].parameters = std::move(parameters);
  return groups;
}

}  // namespace

Optimizer::Optimizer(std::vector<ParameterGroup> groups, Options options, const std::vector<std::string>& quantities)
    : rate_(options.rate), schedule_(std::move(options.schedule)) {
  const double weight_decay = options.weight_decay;
  require_size("rate", rate_);
  require_size("weight_decay", weight_decay);
  for (ParameterGroup& group : groups) {
    const double decay = group.weight_decay.value_or(weight_decay);
    require_size("the rate_factor of a group", group.rate_factor);
    require_size("the weight_decay of a group", decay);
    parameters_.insert(parameters_.end(), group.parameters.begin(), group.parameters.end());
    groups_.push_back({parameters_.size(), group.rate_factor, decay});
  }
  require_parameters(parameters_);
  for (const std::string& name : quantities) {
    Quantity& quantity = quantities_.emplace_back(Quantity{name, {}});
    for (const NamedTensor& p : parameters_)
      quantity.values.push_back(
          Tensor::zeros(p.value.rows(), p.value.cols(), p.value.dtype(), nullptr, p.value.device()));
  }
}

void Optimizer::set_steps_done(std::int64_t steps) {
  require(steps >= 0, "optimizer: ", steps, " steps done");
  steps_done_ = steps;
}

std::vector<Tensor> Optimizer::variables() const { return values(parameters_); }

double Optimizer::next_rate() const { return schedule_ ? schedule_(steps_done_ + 1) : rate_; }

std::vector<NamedTensor> Optimizer::state() const {
  std::vector<NamedTensor> state;
  for (const Quantity& quantity : quantities_)
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      state.push_back({parameters_[i].name + "." + quantity.name, quantity.values[i], parameters_[i].axes});
  return state;
}

void Optimizer::require_gradients(std::span<const Tensor> gradients) const {
  require(gradients.size() == parameters_.size(), "optimizer: ", gradients.size(), " gradients for ",
          parameters_.size(), " parameters");
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const Tensor& value = parameters_[i].value;
    require(gradients[i].defined(), "optimizer: the gradient for parameter ", parameters_[i].name, " is undefined");
    require(gradients[i].rows() == value.rows() && gradients[i].cols() == value.cols() &&
                gradients[i].dtype() == value.dtype() && gradients[i].device() == value.device() &&
                !gradients[i].partitioned(),
            "optimizer: gradient ", gradients[i].describe(), " for parameter ", parameters_[i].name, " ",
            value.describe());
  }
}

void Optimizer::step(std::span<const Tensor> gradients, double rate) {
  require_gradients(gradients);
  require(std::isfinite(rate), "optimizer: the rate of step ", steps_done_ + 1, " is ", rate);
  ++steps_done_;
  std::size_t first = 0;
  for (const Group& group : groups_) {
    step_of(group, first, gradients.subspan(first, group.end - first), rate);
    first = group.end;
  }
}

void Optimizer::step_of(const Group& group, std::size_t first, std::span<const Tensor> gradients, double rate) {
  for_each_alike(gradients, [&](std::size_t begin, std::size_t count) {
    std::vector<kernels::ParameterSegment> segments(count);
    std::vector<Tensor> kept;
    for (std::size_t k = 0; k < count; ++k) {
      const Tensor& value = parameters_[first + begin + k].value;
      const auto quantity = [&](std::size_t q) {
        return q < quantities_.size() ? quantities_[q].values[first + begin + k].data() : nullptr;
      };
      segments[k] = {value.data(), quantity(0), quantity(1),
                     kept.emplace_back(without_gaps(gradients[begin + k])).data(), value.rows() * value.cols()};
    }
    update({segments.data(), std::int64_t(count), gradients[begin].dtype()}, gradients[begin].device(),
           rate * group.rate_factor, group.weight_decay);
  });
}

Adam::Adam(std::vector<NamedTensor> parameters, const AdamOptions& options)
    : Adam(one_group(std::move(parameters)), options) {}

Adam::Adam(std::vector<ParameterGroup> groups, const AdamOptions& options)
    : Optimizer(std::move(groups), {options.rate, options.schedule, options.weight_decay},
                {"first_moment", "second_moment"}),
      options_(options) {
  require_size("epsilon", options.epsilon);
  for (const double beta : {options.beta1, options.beta2})
    require(beta >= 0 && beta < 1, "Adam: beta ", beta, " is not in [0, 1)");
}

void Adam::update(const kernels::ParameterList& list, Device device, double rate, double weight_decay) {
  kernels::AdamTask task{};
  task.parameters = list;
  task.rate = rate;
  task.beta1 = options_.beta1;
  task.beta2 = options_.beta2;
  task.epsilon = options_.epsilon;
  (options_.decoupled ? task.decoupled_decay : task.l2_decay) = weight_decay;
  task.correction1 = 1 - power(options_.beta1, steps_done_);
  task.correction2 = 1 - power(options_.beta2, steps_done_);
  kernels::table(device).adam(task);
}

AdamW::AdamW(std::vector<NamedTensor> parameters, const AdamWOptions& options)
    : AdamW(one_group(std::move(parameters)), options) {}

AdamW::AdamW(std::vector<ParameterGroup> groups, const AdamWOptions& options)
    : Adam(std::move(groups), {.rate = options.rate,
                               .schedule = options.schedule,
                               .beta1 = options.beta1,
                               .beta2 = options.beta2,
                               .epsilon = options.epsilon,
                               .weight_decay = options.weight_decay,
                               .decoupled = true}) {}

Sgd::Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options)
    : Sgd(one_group(std::move(parameters)), options) {}

Sgd::Sgd(std::vector<ParameterGroup> groups, const SgdOptions& options)
    : Optimizer(std::move(groups), {options.rate, options.schedule, options.weight_decay},
                options.momentum != 0 ? std::vector<std::string>{"velocity"} : std::vector<std::string>()),
      options_(options) {
  require_size("momentum", options.momentum);
  require(!options.nesterov || options.momentum > 0, "Sgd: nesterov needs momentum");
}

void Sgd::update(const kernels::ParameterList& list, Device device, double rate, double weight_decay) {
  kernels::table(device).momentum({list, rate, options_.momentum, weight_decay, options_.nesterov});
}

OptimizerMaker adam(AdamOptions options) {
  return [options = std::move(options)](std::vector<NamedTensor> parameters) {
    return std::make_unique<Adam>(std::move(parameters), options);
  };
}

OptimizerMaker adamw(AdamWOptions options) {
  return [options = std::move(options)](std::vector<NamedTensor> parameters) {
    return std::make_unique<AdamW>(std::move(parameters), options);
  };
}

OptimizerMaker sgd(SgdOptions options) {
  return [options = std::move(options)](std::vector<NamedTensor> parameters) {
    return std::make_unique<Sgd>(std::move(parameters), options);
  };
}

}  // namespace halograph::optim
