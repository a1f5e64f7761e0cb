// SPDX-License-Identifier: BSD-3-Clause
// Optimizers over replicated parameters. Gradients are replicated and complete, so every rank makes
// the same update and nothing is communicated. Formulas as torch.optim.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <halograph/core/named_tensor.hpp>

namespace halograph::optim {

/// What checkpoints need: the number of steps done and the state tensors by name.
class Optimizer {
 public:
  explicit Optimizer(std::vector<NamedTensor> parameters) : parameters_(std::move(parameters)) {}
  virtual ~Optimizer() = default;

  /// Updates the parameters in place with one gradient each, in order.
  void step(std::span<const Tensor> gradients, double rate);

  const std::vector<NamedTensor>& parameters() const { return parameters_; }
  std::int64_t steps_done() const { return steps_done_; }
  void set_steps_done(std::int64_t steps) { steps_done_ = steps; }
  /// Live tensors, `<parameter>.<quantity>`.
  virtual std::vector<NamedTensor> state() const = 0;

 protected:
  virtual void update(std::size_t parameter, const Tensor& gradient, double rate) = 0;

  std::vector<NamedTensor> parameters_;
  std::int64_t steps_done_ = 0;  ///< the step under way included
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
  std::vector<NamedTensor> state() const override;

 protected:
  void update(std::size_t parameter, const Tensor& gradient, double rate) override;

 private:
  AdamOptions options_;
  std::vector<Tensor> first_, second_;
};

struct SgdOptions {
  double momentum = 0, weight_decay = 0;
  bool nesterov = false;
};

class Sgd : public Optimizer {
 public:
  Sgd(std::vector<NamedTensor> parameters, const SgdOptions& options);
  std::vector<NamedTensor> state() const override;

 protected:
  void update(std::size_t parameter, const Tensor& gradient, double rate) override;

 private:
  SgdOptions options_;
  std::vector<Tensor> velocity_;
};

}  // namespace halograph::optim
