// SPDX-License-Identifier: BSD-3-Clause
// The trainer: trains any model on any stream of steps (steps.hpp) by a function from a step to loss terms (terms.hpp).
//   train::Trainer trainer(net, optim::adam({.rate = 1e-3}), [](const auto& net, const MyStep& s) {
//     return train::term("pressure", ops::mean_square_error(net(s.graph, s.x), s.y));
//   });
//   trainer.fit(training, validation, {.epochs = 100, .patience = 10, .checkpoint = "run.h5", .best = "best.h5"});
// Everything that decides the bits of the next step is in a checkpoint, the losses so far included, so that a run that
// was interrupted ends with the digest of one that was not, on any number of ranks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/capture.hpp>
#include <halograph/core/state.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/optim/optimizer.hpp>
#include <halograph/train/steps.hpp>

namespace halograph::train {

/// What a step leaves in the history.
struct StepReport {
  double loss = 0, rate = 0, gradient_norm = 0, seconds = 0;
  std::vector<double> terms =
      {};  ///< values without weights, in the order of Training::terms(), where there are several
};

/// What a validation leaves.
struct ValidationReport {
  std::int64_t step = 0;  ///< after how many steps
  double loss = 0;        ///< the mean over the steps of the validation
};

/// Settings of the updates. They may change between a run and the one that goes on from it, but for `average`.
struct TrainerOptions {
  double clip_norm = 0, clip_value = 0;  ///< 0: not clipped. Elements are limited first, then the norm.
  /// Decay of an exponential moving average of the parameters: average = decay * average + (1 - decay) * parameter
  /// after each step. Validation and `best` use the averages then. 0: none.
  double average = 0;
  bool record = true;  ///< launch a step as a whole where one rank works on a device and the stream has a FixedStep
};

/// Where a run ends and what it leaves.
struct FitOptions {
  std::int64_t epochs = 1;            ///< those before a restart included
  std::int64_t steps = 0;             ///< in place of `epochs`, if not 0: updates, those before a restart included
  std::int64_t validate_every = 1;    ///< epochs
  std::int64_t patience = 0;          ///< stop after so many validations without a smaller loss; 0: never
  std::string checkpoint = {};        ///< a file, written at the end, where the run is stopped, and
  std::int64_t checkpoint_every = 0;  ///< after so many steps; 0: not in between
  std::string best = {};              ///< the model's state at the smallest validation loss, for io::load
  std::string restart = {};           ///< a checkpoint to go on from
  std::string history = {};           ///< a table (.csv) with a row a step
  double time_limit = 0;              ///< seconds after which the run is stopped; needs `checkpoint`; 0: none
};

enum class Ending : std::uint8_t { finished, no_improvement, time_limit, signal };

/// Asks the run under way in this process to stop after its step. All ranks of a run stop if one is asked. Safe in a
/// signal handler.
void request_stop() noexcept;

/// The part of a trainer that knows no types. Users make a Trainer, or a MeshTraining for a Case.
class Training {
 public:
  Training(std::vector<NamedTensor> state, const optim::OptimizerMaker& optimizer, const TrainerOptions& options = {});
  virtual ~Training();
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  /// Sets what the next steps train on, and what they are validated on between epochs, if anything.
  void use(Losses training, std::optional<Losses> validation = {});

  /// Forward, backward, update. Throws Error on all ranks, before the update, if the loss or a gradient is not finite.
  /// Collective.
  const StepReport& step();
  /// Steps until the run ends; `after_step` sees each one. Outputs that cannot be written are an error before the first
  /// step. While it runs and has a checkpoint to write, SIGTERM stops it after the step under way, on all ranks, with a
  /// checkpoint and a line that says how to go on, unless the program has a handler of its own. Collective.
  Ending run(const FitOptions& options, const std::function<void(const Training&)>& after_step = {});
  /// Returns the mean loss over an epoch of the validation, by the averages if there are some. Collective.
  double validate();

  std::int64_t steps_done() const { return std::int64_t(history_.size()); }
  const std::vector<StepReport>& history() const { return history_; }
  const std::vector<ValidationReport>& validations() const { return validations_; }
  /// The names of the loss terms; empty before the first step.
  const std::vector<std::string>& terms() const { return term_names_; }
  const optim::Optimizer& optimizer() const { return *optimizer_; }
  /// Averages of the parameters, "average.<parameter>"; empty without TrainerOptions::average.
  const std::vector<NamedTensor>& averages() const { return averages_; }

  /// Returns the SHA-256 over state, optimizer state, averages and the losses of all steps.
  std::string digest() const;

  /// Replaces the file `path` by the state of the run. Collective.
  void save(const std::string& path) const;
  /// Writes the file that save() would write beside `path` and removes it again, to meet errors early. Collective.
  void rehearse_saving(const std::string& path) const;
  /// Goes on where the run of the checkpoint stood. Throws UsageError naming the first difference if that run had other
  /// data or another model. Collective.
  void load(const std::string& path);

 protected:
  /// What a kind of training adds to its checkpoints, and takes from them before anything is loaded.
  virtual void put(Archive&) const {}
  virtual void take(Archive&, const std::string& /*path*/) {}
  const std::vector<NamedTensor>& model_state() const { return state_; }
  const Losses& losses() const { return training_; }

 private:
  std::vector<NamedTensor> whole_state() const;
  Archive checkpoint() const;
  /// Sets loss_, term_values_ and gradients_, complete.
  void differentiate(const Terms& terms);
  /// The same of a step by recorded work, where stream, device and options allow it.
  void differentiate(std::int64_t epoch, std::int64_t index);
  void name_terms(const Terms& terms);
  void update_averages();
  bool validation_due(const FitOptions& options) const;
  std::int64_t validations_without_improvement() const;
  void write_best(const std::string& path);
  /// Runs `body` with the averages in place of the parameters.
  void with_averages(const std::function<void()>& body);

  std::vector<NamedTensor> state_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  TrainerOptions options_;
  std::vector<NamedTensor> averages_;
  Losses training_;
  std::optional<Losses> validation_;
  std::vector<StepReport> history_;
  std::vector<ValidationReport> validations_;
  std::vector<std::string> term_names_;

  Tensor loss_;
  std::vector<Tensor> term_values_;
  std::vector<Tensor> gradients_;
  bool warm_ = false;  ///< a step was made: what is computed once is there
  std::unique_ptr<Capture> recorded_;
};

/// Trains a model, of which it keeps a copy (a handle: the parameters are shared). `loss` takes (model, step) or
/// (model, step, mode) and returns Terms.
template <HasState Model, class Loss>
class Trainer : public Training {
 public:
  Trainer(Model model, const optim::OptimizerMaker& optimizer, Loss loss, const TrainerOptions& options = {})
      : Training(halograph::state(model), optimizer, options), model_(std::move(model)), loss_(std::move(loss)) {}

  /// Trains on a stream until the options end the run. Collective.
  template <StepStream Stream>
  Ending fit(const Stream& training, const FitOptions& options,
             const std::function<void(const Training&)>& after_step = {}) {
    use(losses_of(training, model_, loss_));
    return run(options, after_step);
  }
  /// The same with a validation on another stream between epochs. Collective.
  template <StepStream Stream, StepStream Other>
  Ending fit(const Stream& training, const Other& validation, const FitOptions& options,
             const std::function<void(const Training&)>& after_step = {}) {
    use(losses_of(training, model_, loss_), losses_of(validation, model_, loss_));
    return run(options, after_step);
  }

  const Model& model() const { return model_; }

 private:
  Model model_;
  Loss loss_;
};

}  // namespace halograph::train
