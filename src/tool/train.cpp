// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <memory>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/train/baseline.hpp>
#include <halograph/train/graph_input.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/run.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "tool/progress.hpp"

namespace halograph::tool {
namespace {

struct TrainOptions {
  std::string config;
  std::vector<std::string> set;
};

std::int64_t count_parameters(const train::MeshModel& net) {
  std::int64_t count = 0;
  for (const NamedTensor& parameter : net.state()) count += parameter.value.rows() * parameter.value.cols();
  return count;
}

void describe(const Communicator& comm, const train::MeshTraining& training) {
  const Graph& graph = training.data().graph();
  log(comm, training.config().graph, ": ", training.data().fingerprint, ", ", training.data().target.size(),
      training.data().target.size() == 1 ? " pair of frames" : " pairs of frames");
  log(comm, "network: ", count_parameters(training.net()), " parameters, ", name_of(training.config().dtype), "; ",
      graph.comm().size(), graph.comm().size() == 1 ? " rank, " : " ranks, ", threads(),
      threads() == 1 ? " thread each, " : " threads each, ", instruction_set());
}

/// The loss beside those of trivial predictions, which are averages over all pairs of frames. A step sees one pair, so
/// the last steps that see each of them once are averaged too.
void report_loss(const Communicator& comm, const train::MeshTraining& training) {
  const auto& history = training.history();
  if (history.empty()) return;
  const std::size_t steps = std::min(training.data().target.size(), history.size());
  double loss = 0;
  for (std::size_t k = history.size() - steps; k < history.size(); ++k) loss += history[k].loss / double(steps);
  const train::BaselineLoss trivial = train::baseline_loss(training.data(), training.config());
  log(comm, "loss: ", format("%.6e", loss), steps == 1 ? " at the last step" : cat(" over the last ", steps, " steps"),
      "; of trivial predictions: ", format("%.6e", trivial.mean), " (the mean)",
      trivial.no_change ? format(", %.6e", *trivial.no_change) + " (no change)" : "");
}

/// What the steps of this launch cost, for the busiest rank each.
void report_cost(const Communicator& comm, const train::MeshTraining& training, std::int64_t steps, double seconds) {
  if (steps == 0) return;
  const ExchangeTraffic& traffic = training.data().graph().exchange()->traffic();
  const SumTraffic& sums = training.data().graph().nodes()->tree()->traffic();
  const double n = double(steps), waiting = comm.max(traffic.seconds_waiting);
  log(comm, "a step: ", format("%.4f s, ", comm.max(seconds) / n), traffic.exchanges / steps, " exchanges, ",
      comm.max(traffic.messages_sent) / steps, " messages, ", bytes_text(double(comm.max(traffic.bytes_sent)) / n),
      " sent, ", format("%.4f s waiting", waiting / n), "; ", sums.sums / steps, " sums over ranks, ",
      comm.max(sums.messages_sent) / steps, " messages, ", bytes_text(double(comm.max(sums.bytes_sent)) / n),
      " sent; tensors: ", bytes_text(double(comm.max(memory_use().peak))), " at most on a rank");
}

int run(const Communicator& comm, const TrainOptions& options) {
  const train::Config config = train::read_config(comm, options.config, options.set);
  Progress progress(comm, config.steps);
  std::int64_t steps_before = 0;
  double seconds = 0;
  train::RunHooks hooks;
  hooks.started = [&](const train::MeshTraining& training) {
    describe(comm, training);
    steps_before = training.steps_done();
    if (steps_before > 0) log(comm, "going on after step ", steps_before);
    training.data().graph().exchange()->reset_traffic();
    training.data().graph().nodes()->tree()->reset_traffic();
    reset_memory_peak();
  };
  hooks.after_step = [&](const train::MeshTraining& training) {
    seconds += training.history().back().seconds;
    progress.show(training);
  };
  hooks.ended = [&](const train::MeshTraining& training) {
    progress.close();
    report_cost(comm, training, training.steps_done() - steps_before, seconds);
    report_loss(comm, training);
  };
  const train::RunResult result = train::run(comm, config, hooks);
  log(comm, "digest ", result.digest);
  return 0;
}

}  // namespace

void add_train(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("train", "Train a network as a configuration says");
  const auto options = std::make_shared<TrainOptions>();
  command->add_option("config", options->config, "Configuration (.json), see docs/training.md")->required();
  command->add_option("--set", options->set, "key=value, for example model.hidden=8")->allow_extra_args(false);
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
