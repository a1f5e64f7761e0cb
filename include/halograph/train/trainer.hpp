// SPDX-License-Identifier: BSD-3-Clause
// Training of a MeshGraphNet on a Case: one pair of frames a step, in turn. Everything that decides the bits
// of the next step is in a checkpoint, the losses so far included, so that a run that was interrupted ends
// with the digest of one that was not, on any number of ranks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <halograph/core/capture.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/mesh_graph_net.hpp>
#include <halograph/optim/optimizer.hpp>
#include <halograph/optim/schedule.hpp>
#include <halograph/train/case.hpp>

namespace halograph::train {

/// What a step leaves in the history.
struct StepReport {
  double loss = 0, rate = 0, gradient_norm = 0, seconds = 0;
};

class Trainer {
 public:
  /// `data` must outlive the trainer. Collective.
  Trainer(const Case& data, const Config& config);

  /// Forward, backward, update. Throws Error on all ranks, before the update, if the loss or a gradient is not
  /// finite. Collective.
  const StepReport& step();
  /// Steps until config.steps are done; `after_step` sees each one. Checkpoints as configured; one that cannot be
  /// written is an error before the first step. Collective.
  void run(const std::function<void(const Trainer&)>& after_step = {});

  std::int64_t steps_done() const { return std::int64_t(history_.size()); }
  const std::vector<StepReport>& history() const { return history_; }
  const nn::Model<nn::MeshGraphNet>& net() const { return net_; }
  const Config& config() const { return config_; }
  const Case& data() const { return data_; }

  /// SHA-256 over parameters, optimizer state and the losses of all steps.
  std::string digest() const;

  /// Replaces the file `path` by the state of the run. Collective.
  void save(const std::string& path) const;
  /// Writes the file that save() would write beside `path` and removes it again, to meet errors early. Collective.
  void rehearse_saving(const std::string& path) const;
  /// Goes on where the run of the checkpoint stood. Throws UsageError naming the first difference if that run had other
  /// data, another scaling of them, another network or another optimizer. Collective.
  void load(const std::string& path);
  /// Replaces the parameters by those of a weights file. Collective.
  void load_weights(const std::string& path);

 private:
  std::vector<NamedTensor> state() const;
  Archive checkpoint() const;
  /// Sets loss_ and gradients_, complete.
  void differentiate(const Tensor& input, const Tensor& target);
  /// The same of a pair of frames by recorded work, where the device and config.record allow it.
  void differentiate(std::size_t pair);

  const Case& data_;
  Config config_;
  nn::Model<nn::MeshGraphNet> net_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  optim::Schedule schedule_;
  std::vector<StepReport> history_;
  Tensor loss_;
  std::vector<Tensor> gradients_;
  bool warm_ = false;      ///< a step was made: what is computed once is there
  Tensor input_, target_;  ///< of the recorded work
  std::unique_ptr<Capture> recorded_;
};

}  // namespace halograph::train
