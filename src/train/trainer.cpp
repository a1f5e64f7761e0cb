// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/trainer.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/digest.hpp>
#include <halograph/core/error.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/optim/clip.hpp>

#include "core/transfer.hpp"
#include "io/writable.hpp"
#include "train/history_file.hpp"
#include "train/naming.hpp"
#include "train/stop.hpp"

namespace halograph::train {
namespace {

std::string word_for(double value) { return std::isnan(value) ? "not a number" : "infinite"; }

void update(Digest& digest, const Tensor& tensor) {
  with_dtype(tensor.dtype(), [&](auto zero) { digest.update(tensor.to_vector<decltype(zero)>()); });
}

void check(const FitOptions& o) {
  const auto at_least = [](const char* what, double value, double least) {
    require(value >= least, "FitOptions: ", what, " is ", value, ", expected at least ", least);
  };
  at_least("epochs", double(o.epochs), 0);
  at_least("steps", double(o.steps), 0);
  at_least("validate_every", double(o.validate_every), 1);
  at_least("patience", double(o.patience), 0);
  at_least("checkpoint_every", double(o.checkpoint_every), 0);
  at_least("time_limit", o.time_limit, 0);
  require(!o.checkpoint.empty() || (o.checkpoint_every == 0 && o.time_limit == 0),
          "FitOptions: checkpoint_every and time_limit need a checkpoint");
}

}  // namespace

Training::Training(std::vector<NamedTensor> state, const optim::OptimizerMaker& optimizer,
                   const TrainerOptions& options)
    : state_(std::move(state)), optimizer_(optimizer(trainable(state_))), options_(options) {
  require(options.average >= 0 && options.average < 1, "TrainerOptions: average is ", options.average,
          ", expected a decay from 0 to below 1");
  require(options.clip_norm >= 0 && options.clip_value >= 0, "TrainerOptions: clip_norm is ", options.clip_norm,
          " and clip_value ", options.clip_value, ", expected no negative number");
  if (options.average > 0)
    for (const NamedTensor& p : optimizer_->parameters())
      averages_.push_back({"average." + p.name, copy_of(p.value), p.axes});
}

Training::~Training() = default;

void Training::use(Losses training, std::optional<Losses> validation) {
  for (const Losses* losses : {&training, validation ? &*validation : &training})
    require(losses->steps_per_epoch > 0, "a stream of steps has ", losses->steps_per_epoch,
            " steps an epoch, expected at least one");
  training_ = std::move(training);
  validation_ = std::move(validation);
  recorded_.reset();
  warm_ = false;
}

void Training::name_terms(const Terms& terms) {
  std::vector<std::string> names;
  for (const Term& t : terms) names.push_back(t.name);
  require(term_names_.empty() || names == term_names_, "step ", steps_done() + 1,
          ": the loss has other terms than in the steps before");
  term_names_ = std::move(names);
}

void Training::differentiate(const Terms& terms) {
  name_terms(terms);
  loss_ = total(terms);
  term_values_.clear();
  if (terms.size() > 1)
    for (const Term& t : terms) term_values_.push_back(t.value.detach());
  gradients_ = grad(loss_, optimizer_->variables());
  loss_.complete();
  for (const Tensor& gradient : gradients_) gradient.complete();
}

void Training::differentiate(std::int64_t epoch, std::int64_t index) {
  const FixedStep* fixed = training_.fixed.get();
  // Messages need the host, so several ranks do step after step.
  if (!options_.record || !fixed || !Capture::supported(fixed->device) || training_.comm.size() > 1 || !warm_) {
    differentiate(training_.loss(epoch, index, nn::Mode::train(steps_done() + 1)));
    warm_ = true;
    return;
  }
  fixed->place(epoch, index);
  if (!recorded_) {
    recorded_ = std::make_unique<Capture>(fixed->device);
    recorded_->record([&] { differentiate(fixed->loss()); });
  }
  recorded_->replay();
}

const StepReport& Training::step() {
  require(training_.loss != nullptr, "the trainer has no stream of steps");
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t number = steps_done() + 1;
  differentiate(steps_done() / training_.steps_per_epoch, steps_done() % training_.steps_per_epoch);
  StepReport report;
  report.loss = loss_.item();
  require<Error>(std::isfinite(report.loss), "step ", number, ": the loss is ", word_for(report.loss),
                 "; a lower rate of the schedule or clipping of the norm may help");
  for (const Tensor& value : term_values_) report.terms.push_back(value.item());
  std::vector<Tensor> gradients = gradients_;
  report.gradient_norm = optim::norm(gradients);
  require<Error>(std::isfinite(report.gradient_norm), "step ", number, ": the norm of the gradient is ",
                 word_for(report.gradient_norm));
  if (options_.clip_value > 0) optim::clip_by_value(gradients, options_.clip_value);
  if (options_.clip_norm > 0) optim::clip_by_norm(gradients, options_.clip_norm);
  report.rate = optimizer_->next_rate();
  optimizer_->step(gradients, report.rate);
  update_averages();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  history_.push_back(std::move(report));
  return history_.back();
}

void Training::update_averages() {
  const NoGrad off;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    const Tensor& average = averages_[i].value;
    const Tensor& now = optimizer_->parameters()[i].value;
    copy(ops::add(ops::scale_shift(average, options_.average), ops::scale_shift(now, 1 - options_.average)), average);
  }
}

void Training::with_averages(const std::function<void()>& body) {
  struct Restore {
    std::span<const NamedTensor> parameters;
    std::vector<Tensor> values = {};
    ~Restore() {
      for (std::size_t i = 0; i < values.size(); ++i) copy(values[i], parameters[i].value);
    }
  } before{optimizer_->parameters()};
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    before.values.push_back(copy_of(before.parameters[i].value));
    copy(averages_[i].value, before.parameters[i].value);
  }
  body();
}

double Training::validate() {
  require(validation_.has_value(), "the trainer has no stream of steps for validation");
  const NoGrad off;
  double sum = 0;
  with_averages([&] {
    for (std::int64_t k = 0; k < validation_->steps_per_epoch; ++k)
      sum += total(validation_->loss(0, k, nn::Mode::evaluate())).item();
  });
  return sum / double(validation_->steps_per_epoch);
}

bool Training::validation_due(const FitOptions& options) const {
  return validation_ && steps_done() % (training_.steps_per_epoch * options.validate_every) == 0;
}

std::int64_t Training::validations_without_improvement() const {
  const auto best = std::min_element(validations_.begin(), validations_.end(), [](const auto& a, const auto& b) {
    return a.loss < b.loss || (std::isnan(b.loss) && !std::isnan(a.loss));
  });
  return validations_.empty() ? 0 : validations_.end() - best - 1;
}

void Training::write_best(const std::string& path) {
  with_averages([&] { save_weights(training_.comm, path, state_); });
}

Ending Training::run(const FitOptions& options, const std::function<void(const Training&)>& after_step) {
  check(options);
  require(options.patience == 0 || validation_, "FitOptions: patience needs a validation");
  require(options.best.empty() || validation_, "FitOptions: best needs a validation");
  const Communicator& comm = training_.comm;
  if (!options.restart.empty()) naming("restart", [&] { load(options.restart); });
  const std::int64_t last = options.steps > 0 ? options.steps : options.epochs * training_.steps_per_epoch;
  const auto exhausted = [&] { return options.patience > 0 && validations_without_improvement() >= options.patience; };
  if (exhausted()) return Ending::no_improvement;
  if (!options.checkpoint.empty() && steps_done() < last) rehearse_saving(options.checkpoint);
  io::require_writable(comm, options.best, "best state");
  HistoryFile history(comm, options.history, *this, validation_.has_value());
  const StopWatch watch(comm, options.time_limit, !options.checkpoint.empty());

  while (steps_done() < last) {
    step();
    if (validation_due(options)) {
      validations_.push_back({steps_done(), validate()});
      if (!options.best.empty() && validations_without_improvement() == 0) write_best(options.best);
    }
    history.append(*this);
    if (after_step) after_step(*this);
    std::optional<Ending> ending;
    if (exhausted()) ending = Ending::no_improvement;
    else if (steps_done() == last) ending = Ending::finished;
    else ending = watch.reason();
    const bool due = options.checkpoint_every > 0 && steps_done() % options.checkpoint_every == 0;
    if (!options.checkpoint.empty() && (ending || due)) save(options.checkpoint);
    if (!ending) continue;
    if (*ending == Ending::signal || *ending == Ending::time_limit)
      note(comm, "stopped ", *ending == Ending::signal ? "as asked" : "by the time limit", " after step ", steps_done(),
           " of ", last,
           options.checkpoint.empty() ? "" : "; to go on, start again with restart set to " + options.checkpoint);
    return *ending;
  }
  return Ending::finished;
}

std::vector<NamedTensor> Training::whole_state() const {
  std::vector<NamedTensor> all = state_;
  for (NamedTensor& tensor : optimizer_->state()) all.push_back(std::move(tensor));
  all.insert(all.end(), averages_.begin(), averages_.end());
  return all;
}

std::string Training::digest() const {
  Digest digest;
  for (const NamedTensor& tensor : whole_state()) update(digest, tensor.value);
  for (const StepReport& report : history_) digest.update(report.loss);
  return digest.hex();
}

}  // namespace halograph::train
