// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/train/baseline.hpp>
#include <halograph/train/graph_input.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/trainer.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "tool/history.hpp"
#include "tool/start.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct Options {
  std::string config;
  std::vector<std::string> set;
};

std::int64_t count_parameters(const nn::Model<nn::MeshGraphNet>& net) {
  std::int64_t count = 0;
  for (const NamedTensor& parameter : net.state()) count += parameter.value.rows() * parameter.value.cols();
  return count;
}

void describe(const Communicator& comm, const train::Trainer& trainer) {
  const Graph& graph = trainer.data().graph();
  log(comm, trainer.config().graph, ": ", trainer.data().fingerprint, ", ", trainer.data().target.size(),
      trainer.data().target.size() == 1 ? " pair of frames" : " pairs of frames");
  log(comm, "network: ", count_parameters(trainer.net()), " parameters, ", name_of(trainer.config().dtype), "; ",
      graph.comm().size(), graph.comm().size() == 1 ? " rank, " : " ranks, ", threads(),
      threads() == 1 ? " thread each, " : " threads each, ", instruction_set());
}

/// The loss beside those of trivial predictions, which are averages over all pairs of frames. A step sees one pair, so
/// the last steps that see each of them once are averaged too.
void report_loss(const Communicator& comm, const train::Trainer& trainer) {
  const auto& history = trainer.history();
  if (history.empty()) return;
  const std::size_t steps = std::min(trainer.data().target.size(), history.size());
  double loss = 0;
  for (std::size_t k = history.size() - steps; k < history.size(); ++k) loss += history[k].loss / double(steps);
  const train::BaselineLoss trivial = train::baseline_loss(trainer.data(), trainer.config());
  log(comm, "loss: ", format("%.6e", loss), steps == 1 ? " at the last step" : cat(" over the last ", steps, " steps"),
      "; of trivial predictions: ", format("%.6e", trivial.mean), " (the mean)",
      trivial.no_change ? format(", %.6e", *trivial.no_change) + " (no change)" : "");
}

/// What the steps of this launch cost, for the busiest rank each.
void report_cost(const Communicator& comm, const train::Trainer& trainer, std::int64_t steps, double seconds) {
  if (steps == 0) return;
  const ExchangeTraffic& traffic = trainer.data().graph().exchange()->traffic();
  const SumTraffic& sums = trainer.data().graph().nodes()->tree()->traffic();
  const double n = double(steps), waiting = comm.max(traffic.seconds_waiting);
  log(comm, "a step: ", format("%.4f s, ", comm.max(seconds) / n), traffic.exchanges / steps, " exchanges, ",
      comm.max(traffic.messages_sent) / steps, " messages, ", bytes_text(double(comm.max(traffic.bytes_sent)) / n),
      " sent, ", format("%.4f s waiting", waiting / n), "; ", sums.sums / steps, " sums over ranks, ",
      comm.max(sums.messages_sent) / steps, " messages, ", bytes_text(double(comm.max(sums.bytes_sent)) / n),
      " sent; tensors: ", bytes_text(double(comm.max(memory_use().peak))), " at most on a rank");
}

int run(const Communicator& comm, const Options& options) {
  const train::Config config = train::read_config(comm, options.config, options.set);
  apply_settings(comm, config);
  require_writable(comm, config.checkpoint.path, "checkpoint");
  require_writable(comm, config.model_output, "model");
  require_writable(comm, config.history, "history");
  GraphSlab slab = train::read_configured(comm, config);
  const train::Case data = train::naming(config.graph, [&] { return train::make_case(comm, config, std::move(slab)); });
  train::Trainer trainer(data, config);
  start_from(trainer, config);
  require(trainer.steps_done() <= config.steps, config.restart, ": has done ", trainer.steps_done(),
          " steps, but steps is ", config.steps);
  release_cached_memory();
  describe(comm, trainer);
  if (trainer.steps_done() > 0) log(comm, "going on after step ", trainer.steps_done());
  if (!config.model_output.empty()) train::rehearse_model(config.model_output, trainer);
  HistoryFile history(comm, config.history, trainer);
  const std::int64_t steps_before = trainer.steps_done();
  data.graph().exchange()->reset_traffic();
  data.graph().nodes()->tree()->reset_traffic();
  reset_memory_peak();
  Progress progress(comm, config.steps);
  double seconds = 0;
  trainer.run([&](const train::Trainer& now) {
    seconds += now.history().back().seconds;
    history.append(now);
    progress.show(now);
  });
  report_cost(comm, trainer, trainer.steps_done() - steps_before, seconds);
  report_loss(comm, trainer);
  if (!config.model_output.empty()) train::save_model(config.model_output, trainer);
  log(comm, "digest ", trainer.digest());
  return 0;
}

}  // namespace

void add_train(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("train", "Train a network as a configuration says");
  const auto options = std::make_shared<Options>();
  command->add_option("config", options->config, "Configuration (.json), see docs/training.md")->required();
  command->add_option("--set", options->set, "key=value, for example model.hidden=8")->allow_extra_args(false);
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
