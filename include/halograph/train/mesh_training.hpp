// SPDX-License-Identifier: BSD-3-Clause
// Training of a MeshGraphNet on a Case as a configuration says: one pair of frames a step, in turn.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <halograph/nn/model.hpp>
#include <halograph/train/case.hpp>
#include <halograph/train/trainer.hpp>

namespace halograph::train {

/// The network with the list of its tensors. Copies share the parameters.
using MeshModel = nn::Model<nn::MeshGraphNet>;

class MeshTraining : public Training {
 public:
  /// `data` must outlive this. Collective.
  MeshTraining(const Case& data, const Config& config);

  /// Steps until config.steps are done, with the checkpoints, the history and the time limit of the configuration.
  /// Collective.
  Ending run(const std::function<void(const MeshTraining&)>& after_step = {});
  /// Replaces the parameters by those of a weights file. Collective.
  void load_weights(const std::string& path);

  const MeshModel& net() const { return net_; }
  const Config& config() const { return config_; }
  const Case& data() const { return data_; }

 private:
  MeshTraining(const Case& data, const Config& config, const MeshModel& net);
  Losses losses();
  void put(Archive& archive) const override;
  void take(Archive& archive, const std::string& path) override;

  const Case& data_;
  Config config_;
  MeshModel net_;
  Tensor input_, target_;  ///< of recorded work
};

}  // namespace halograph::train
