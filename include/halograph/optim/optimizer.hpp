// SPDX-License-Identifier: BSD-3-Clause
// Optimizers over replicated parameters. Gradients are replicated and complete, so every rank makes
// the same update and nothing is communicated. Formulas as torch.optim.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>

namespace halograph::kernels {
struct ParameterList;
}

namespace halograph::optim {

/// Updates all parameters in one launch and holds what checkpoints need: the number of steps done and the state
/// tensors by name.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Updates the parameters in place with one gradient each, in order.
  void step(std::span<const Tensor> gradients, double rate);

  const std::vector<NamedTensor>& parameters() const { return parameters_; }
  std::int64_t steps_done() const { return steps_done_; }
  void set_steps_done(std::int64_t steps) { steps_done_ = steps; }
  /// Live tensors, `<parameter>.<quantity>`.
  std::vector<NamedTensor> state() const;

 protected:
  /// Keeps each of the (at most two) quantities, 0 at the start, for every parameter.
  Optimizer(std::vector<NamedTensor> parameters, const std::vector<std::string>& quantities);

  /// Launches the update of parameters of one numeric type.
  virtual void update(const kernels::ParameterList& list, Device device, double rate) = 0;
  std::int64_t steps_done_ = 0;  ///< the step under way included

 private:
  struct Quantity {
    std::string name;
    std::vector<Tensor> values;
  };
  void require_gradients(std::span<const Tensor> gradients) const;

  std::vector<NamedTensor> parameters_;
  std::vector<Quantity> quantities_;
};

/// Adam (arXiv:1412.6980) and AdamW (arXiv:1711.05101).
struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;  ///< AdamW: the decay shrinks the parameters and stays out of the moments
};

class Adam : public Optimizer {
 public:
  Adam(std::vector<NamedTensor> parameters, const AdamOptions& options);

 protected:
  void update(const kernels::ParameterList& list, Device device, double rate) override;

 private:
  AdamOptions options_;
};

struct SgdOptions {
  double momentum = 0, weight_decay = 0;
  bool nesterov = false;
};

class Sgd : public Optimizer {
 public:
  Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options);

 protected:
  void update(const kernels::ParameterList& list, Device device, double rate) override;

 private:
  SgdOptions options_;
};

}  // namespace halograph::optim
