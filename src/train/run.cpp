// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/run.hpp>

#include <utility>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>
#include <halograph/train/graph_input.hpp>
#include <halograph/train/model_file.hpp>

#include "io/writable.hpp"
#include "mpi/launch.hpp"
#include "train/naming.hpp"

namespace halograph::train {

void apply_settings(const Communicator& comm, const Config& config) {
  if (config.threads > 0 && config.threads != threads()) {
    set_threads(int(config.threads));
    warn_of_shared_cores(comm);
  }
  set_overlap(config.overlap);
  if (!config.device.empty()) Device::set_preferred(Device::find(config.device));
}

void start_from(MeshTraining& training, const Config& config) {
  if (!config.restart.empty()) naming("restart", [&] { training.load(config.restart); });
  if (!config.initial_weights.empty())
    naming("initial_weights", [&] { training.load_weights(config.initial_weights); });
}

RunResult run(const Communicator& comm, const Config& config, const RunHooks& hooks) {
  apply_settings(comm, config);
  io::require_writable(comm, config.checkpoint.path, "checkpoint");
  io::require_writable(comm, config.model_output, "model");
  io::require_writable(comm, config.history, "history");
  GraphSlab slab = read_configured(comm, config);
  const Case data = naming(config.graph, [&] { return make_case(comm, config, std::move(slab)); });
  MeshTraining training(data, config);
  start_from(training, config);
  require(training.steps_done() <= config.steps, config.restart, ": has done ", training.steps_done(),
          " steps, but steps is ", config.steps);
  release_cached_memory();
  if (hooks.started) hooks.started(training);
  if (!config.model_output.empty()) rehearse_model(config.model_output, training);
  RunResult result;
  result.ending = training.run(hooks.after_step);
  if (hooks.ended) hooks.ended(training);
  if (!config.model_output.empty() && result.ending == Ending::finished) save_model(config.model_output, training);
  result.history = training.history();
  result.digest = training.digest();
  return result;
}

}  // namespace halograph::train
