// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/trainer.hpp>

#include <chrono>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/digest.hpp>
#include <halograph/core/error.hpp>
#include <halograph/core/random.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/optim/clip.hpp>

#include "core/views.hpp"

namespace halograph::train {
namespace {

nn::MeshGraphNetOptions model_options(const Case& data, const Config& config) {
  nn::MeshGraphNetOptions options = config.model;
  options.node_in = data.node_in;
  options.edge_in = data.edge_in;
  options.node_out = data.node_out;
  return options;
}

std::unique_ptr<optim::Optimizer> make_optimizer(std::vector<NamedTensor> parameters, const Config::Optimizer& o) {
  if (o.type == OptimizerType::sgd)
    return std::make_unique<optim::Sgd>(std::move(parameters),
                                        optim::SgdOptions{o.momentum, o.weight_decay, o.nesterov});
  const bool decoupled = o.type == OptimizerType::adamw;
  return std::make_unique<optim::Adam>(std::move(parameters),
                                       optim::AdamOptions{o.beta1, o.beta2, o.epsilon, o.weight_decay, decoupled});
}

optim::Schedule make_schedule(const Config& config) {
  const Config::Schedule& s = config.schedule;
  optim::Schedule after = optim::constant(s.rate);
  if (s.type == ScheduleType::cosine && config.steps > 0)
    after = optim::cosine_decay(s.rate, s.floor, config.steps - s.warmup_steps);
  if (s.type == ScheduleType::step) after = optim::step_decay(s.rate, s.factor, s.every);
  return s.warmup_steps > 0 ? optim::warmup(s.rate, s.warmup_steps, std::move(after)) : after;
}

std::string word_for(double value) { return std::isnan(value) ? "not a number" : "infinite"; }

void update(Digest& digest, const Tensor& tensor) {
  with_dtype(tensor.dtype(), [&](auto zero) { digest.update(tensor.to_vector<decltype(zero)>()); });
}

}  // namespace

Trainer::Trainer(const Case& data, const Config& config)
    : data_(data),
      config_(config),
      net_(Scope(Random(config.seed), config.dtype), model_options(data, config)),
      optimizer_(make_optimizer(net_.state(), config.optimizer)),
      schedule_(make_schedule(config)) {
  require(!data.target.empty(), "Trainer: the case has no targets");
}

void Trainer::differentiate(const Tensor& input, const Tensor& target) {
  std::vector<Tensor> parameters;
  for (const NamedTensor& parameter : optimizer_->parameters()) parameters.push_back(parameter.value);
  const Tensor output = net_(data_.graph(), input, data_.edges);
  loss_ = config_.loss == Loss::mean_square_error ? ops::mean_square_error(output, target)
                                                  : ops::mean_absolute_error(output, target);
  gradients_ = grad(loss_, parameters);
  loss_.complete();
  for (const Tensor& gradient : gradients_) gradient.complete();
}

void Trainer::differentiate(std::size_t pair) {
  const Tensor &input = data_.input[pair], &target = data_.target[pair];
  const Device device = input.device();
  // Messages need the host, so several ranks do step after step.
  if (!config_.record || !Capture::supported(device) || data_.graph().comm().size() > 1 || !warm_) {
    differentiate(input, target);
    warm_ = true;
    return;
  }
  const auto copy_of = [](const Tensor& x) {
    return Tensor::empty(x.rows(), x.cols(), x.dtype(), x.row_space(), x.device());
  };
  if (!recorded_) {
    input_ = copy_of(input);
    target_ = copy_of(target);
    recorded_ = std::make_unique<Capture>(device);
    recorded_->record([this] { differentiate(input_, target_); });
  }
  kernels::table(device).copy(in(input), out(input_));
  kernels::table(device).copy(in(target), out(target_));
  recorded_->replay();
}

const StepReport& Trainer::step() {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t number = steps_done() + 1;
  const std::size_t pair = std::size_t(steps_done()) % data_.target.size();
  differentiate(pair);
  StepReport report;
  report.loss = loss_.item();
  require<Error>(std::isfinite(report.loss), "step ", number, ": the loss is ", word_for(report.loss),
                 "; a lower schedule.rate or clip.norm may help");
  std::vector<Tensor> gradients = gradients_;
  report.gradient_norm = optim::norm(gradients);
  require<Error>(std::isfinite(report.gradient_norm), "step ", number, ": the norm of the gradient is ",
                 word_for(report.gradient_norm));
  if (config_.clip.value > 0) optim::clip_by_value(gradients, config_.clip.value);
  if (config_.clip.norm > 0) optim::clip_by_norm(gradients, config_.clip.norm);
  report.rate = schedule_(number);
  optimizer_->step(gradients, report.rate);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  history_.push_back(report);
  return history_.back();
}

void Trainer::run(const std::function<void(const Trainer&)>& after_step) {
  const Config::Checkpoint& checkpoint = config_.checkpoint;
  if (!checkpoint.path.empty() && steps_done() < config_.steps) rehearse_saving(checkpoint.path);
  while (steps_done() < config_.steps) {
    step();
    if (after_step) after_step(*this);
    const bool last = steps_done() == config_.steps;
    if (!checkpoint.path.empty() && (last || (checkpoint.every > 0 && steps_done() % checkpoint.every == 0)))
      save(checkpoint.path);
  }
}

std::vector<NamedTensor> Trainer::state() const {
  std::vector<NamedTensor> all = net_.state();
  for (NamedTensor& tensor : optimizer_->state()) all.push_back(std::move(tensor));
  return all;
}

std::string Trainer::digest() const {
  Digest digest;
  for (const NamedTensor& tensor : state()) update(digest, tensor.value);
  for (const StepReport& report : history_) digest.update(report.loss);
  return digest.hex();
}

}  // namespace halograph::train
