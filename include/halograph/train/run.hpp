// SPDX-License-Identifier: BSD-3-Clause
// A whole training run as a configuration says, every key of it: what `halograph train` does, for programs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <halograph/train/mesh_training.hpp>

namespace halograph::train {

/// Calls of run(), for programs that want to see it go on. None of them may change the training.
struct RunHooks {
  std::function<void(const MeshTraining&)> started = {};     ///< before the first step
  std::function<void(const MeshTraining&)> after_step = {};  ///< before the checkpoint of the step
  std::function<void(const MeshTraining&)> ended = {};       ///< before the model is written
};

struct RunResult {
  Ending ending = Ending::finished;
  std::vector<StepReport> history;
  std::string digest;
};

/// Sets threads, overlap and device of the process as configured; they stay. Warns where threads share cores.
/// Collective.
void apply_settings(const Communicator& comm, const Config& config);

/// Goes on from the checkpoint, or starts from the weights, that the configuration names, if any. Errors begin with its
/// key. Collective.
void start_from(MeshTraining& training, const Config& config);

/// Reads, partitions, distributes and scales the graph, trains the network, and writes checkpoints, history and model,
/// all as configured. Settings of the process (threads, overlap, device) stay as the configuration has them. A run that
/// stops early (a time limit, SIGTERM) leaves a checkpoint and writes no model. Outputs that cannot be written are an
/// error before the first step. Collective.
RunResult run(const Communicator& comm, const Config& config, const RunHooks& hooks = {});

}  // namespace halograph::train
