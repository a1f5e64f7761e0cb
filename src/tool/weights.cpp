// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <string>

#include <halograph/core/error.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/train/model_file.hpp>

#include "io/writable.hpp"
#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct WeightsOptions {
  std::string model, output;
};

int run(const Communicator& comm, const WeightsOptions& options) {
  require(!train::same_file(options.output, options.model), options.output, ": the weights would replace their model");
  io::require_writable(comm, options.output, "weights");
  const train::Model model = train::load_model(comm, options.model);
  const auto parameters = model.net.state();
  save_weights(comm, options.output, parameters);
  log(comm, options.output, ": ", parameters.size(), " tensors");
  return 0;
}

}  // namespace

void add_weights(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("weights", "Write the weights of a model for other programs");
  const auto options = std::make_shared<WeightsOptions>();
  command->add_option("--model", options->model, "Model file that train wrote")->required();
  command->add_option("--output", options->output, "Weights by name (.h5 or .safetensors)")->required();
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
