// SPDX-License-Identifier: BSD-3-Clause
// Optimizers over replicated parameters. Gradients are replicated and complete, so every rank makes
// the same update and nothing is communicated. Formulas as torch.optim.
//   optim::AdamW adam(net, {.rate = 1e-4});
//   adam.step(grad(loss, net));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <halograph/core/state.hpp>
#include <halograph/optim/schedule.hpp>

namespace halograph::kernels {
struct ParameterList;
}

namespace halograph::optim {

/// Parameters that learn at a rate of their own or decay by a factor of their own.
struct ParameterGroup {
  std::vector<NamedTensor> parameters = {};
  double rate_factor = 1;                   ///< times the rate of the step; 0 holds the parameters fixed
  std::optional<double> weight_decay = {};  ///< in place of that of the optimizer's options
};

/// Updates the parameters of a group in one launch and holds what checkpoints need: the number of steps done and the
/// state tensors by name. Parameters are replicated, require a gradient and stand there once each, with adjacent rows;
/// UsageError otherwise. trainable() picks them from a model's state, which has buffers too.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Updates the parameters in place with one gradient each, in the order of parameters(), at the rate of the options.
  void step(std::span<const Tensor> gradients) { step(gradients, next_rate()); }
  /// The same at another rate.
  void step(std::span<const Tensor> gradients, double rate);

  /// Returns the rate of the next step by the options: that of the schedule, if there is one.
  double next_rate() const;

  /// Those of all groups, one group after the other.
  const std::vector<NamedTensor>& parameters() const { return parameters_; }
  /// The same without names: what grad() differentiates by.
  std::vector<Tensor> variables() const;
  std::int64_t steps_done() const { return steps_done_; }
  void set_steps_done(std::int64_t steps);
  /// Live tensors, `<parameter>.<quantity>`. Groups do not show in it.
  std::vector<NamedTensor> state() const;

 protected:
  struct Options {
    double rate;
    Schedule schedule;    ///< in place of `rate`, if there is one
    double weight_decay;  ///< of groups that name none
  };
  /// Keeps each of the (at most two) quantities, 0 at the start, for every parameter.
  Optimizer(std::vector<ParameterGroup> groups, Options options, const std::vector<std::string>& quantities);

  /// Launches the update of parameters of one numeric type.
  virtual void update(const kernels::ParameterList& list, Device device, double rate, double weight_decay) = 0;
  std::int64_t steps_done_ = 0;  ///< the step under way included

 private:
  struct Quantity {
    std::string name;
    std::vector<Tensor> values;
  };
  struct Group {
    std::size_t end;  ///< of its parameters
    double rate_factor, weight_decay;
  };
  void require_gradients(std::span<const Tensor> gradients) const;
  void step_of(const Group& group, std::size_t first, std::span<const Tensor> gradients, double rate);

  double rate_;
  Schedule schedule_;
  std::vector<NamedTensor> parameters_;
  std::vector<Group> groups_;
  std::vector<Quantity> quantities_;
};

/// Of Adam (arXiv:1412.6980).
struct AdamOptions {
  double rate = 1e-3;
  Schedule schedule = {};  ///< in place of `rate`
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;  ///< AdamW: the decay shrinks the parameters and stays out of the moments
};

class Adam : public Optimizer {
 public:
  Adam(std::vector<NamedTensor> parameters, const AdamOptions& options);
  Adam(std::vector<ParameterGroup> groups, const AdamOptions& options);
  /// For the parameters of a model.
  explicit Adam(const HasState auto& model, const AdamOptions& options = {})
      : Adam(halograph::parameters(model), options) {}

 protected:
  void update(const kernels::ParameterList& list, Device device, double rate, double weight_decay) override;

 private:
  AdamOptions options_;
};

/// Of AdamW (arXiv:1711.05101): Adam with a decay that is decoupled.
struct AdamWOptions {
  double rate = 1e-3;
  Schedule schedule = {};  ///< in place of `rate`
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double weight_decay = 0.01;
};

class AdamW : public Adam {
 public:
  AdamW(std::vector<NamedTensor> parameters, const AdamWOptions& options);
  AdamW(std::vector<ParameterGroup> groups, const AdamWOptions& options);
  /// For the parameters of a model.
  explicit AdamW(const HasState auto& model, const AdamWOptions& options = {})
      : AdamW(halograph::parameters(model), options) {}
};

struct SgdOptions {
  double rate = 1e-2;
  Schedule schedule = {};  ///< in place of `rate`
  double momentum = 0, weight_decay = 0;
  bool nesterov = false;
};

class Sgd : public Optimizer {
 public:
  Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options);
  Sgd(std::vector<ParameterGroup> groups, const SgdOptions& options);
  /// For the parameters of a model.
  explicit Sgd(const HasState auto& model, const SgdOptions& options = {})
      : Sgd(halograph::parameters(model), options) {}

 protected:
  void update(const kernels::ParameterList& list, Device device, double rate, double weight_decay) override;

 private:
  SgdOptions options_;
};

/// Makes an optimizer for parameters that come later: what a trainer is given.
using OptimizerMaker = std::function<std::unique_ptr<Optimizer>(std::vector<NamedTensor> parameters)>;

OptimizerMaker adam(AdamOptions options = {});
OptimizerMaker adamw(AdamWOptions options = {});
OptimizerMaker sgd(SgdOptions options = {});

}  // namespace halograph::optim
