// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <optional>
#include <vector>

#include <halograph/io/mesh.hpp>
#include <halograph/train/predict.hpp>
#include <halograph/train/run.hpp>

#include "io/writable.hpp"
#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct PredictOptions {
  std::string model, graph, output;
  std::vector<std::string> fields, set;
  std::optional<std::int64_t> frame;
  bool join_periodic = false;
};

/// A row a channel: the error of the network beside those of trivial predictions (the mean, whose error is the
/// deviation, and no change), and its share of the smaller one.
void print_errors(const Communicator& comm, const std::vector<train::ChannelError>& errors) {
  if (errors.empty()) return;
  log(comm, format("%-24s %14s %14s %14s %14s %14s", "field", "rms error", "largest error", "deviation", "no change",
                   "vs trivial"));
  for (const train::ChannelError& e : errors) {
    const std::string no_change = e.no_change ? format("%14.6e", *e.no_change) : format("%14s", "-");
    const std::string share =
        e.trivial() > 0 ? format("%12.2f %%", 100 * e.root_mean_square / e.trivial()) : format("%14s", "-");
    log(comm, format("%-24s %14.6e %14.6e %14.6e ", e.name.c_str(), e.root_mean_square, e.largest, e.deviation),
        no_change, " ", share);
  }
}

int run(const Communicator& comm, const PredictOptions& options) {
  std::vector<std::string> sources{options.model, options.graph};
  sources.insert(sources.end(), options.fields.begin(), options.fields.end());
  for (const std::string& source : sources)
    require(!train::same_file(options.output, source), options.output,
            ": the output would replace what it is made from");
  io::require_writable(comm, options.output, "fields");
  train::Model model = train::load_model(comm, options.model, options.set);
  train::apply_settings(comm, model.config);
  GraphSlab slab = io::read_mesh(comm, options.graph, {options.fields, {}, true, options.join_periodic});
  const train::Prediction prediction = train::predict(comm, model, std::move(slab), options.frame, options.graph);
  write_vtkhdf(comm, options.output, prediction.mesh, prediction.fields, prediction.times);
  print_errors(comm, prediction.errors);
  log(comm, options.output, ": written");
  return 0;
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("predict", "Run a trained network and write its fields for ParaView");
  const auto options = std::make_shared<PredictOptions>();
  command->add_option("--model", options->model, "Model file that train wrote")->required();
  command->add_option("--graph", options->graph, "Graph file (.h5) or mesh (.su2, .msh)")->required();
  command->add_option("--output", options->output, "Fields to write (.vtkhdf)")->required();
  command->add_option("--frame", options->frame, "Input frame, from 0; otherwise all")->check(CLI::NonNegativeNumber);
  command->add_option("--fields", options->fields, "Solutions of an .su2 mesh (.csv), one file a frame")
      ->delimiter(',');
  command->add_flag("--join-periodic", options->join_periodic, "Join the sides that a Gmsh mesh declares periodic");
  command->add_option("--set", options->set, "key=value of the model's configuration, for example threads=2")
      ->allow_extra_args(false);
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
