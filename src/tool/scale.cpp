// SPDX-License-Identifier: BSD-3-Clause
// Predicts weak scaling: counts of one rank, costs measured here, and a link that is measured or assumed.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <halograph/core/threads.hpp>
#include <halograph/graph/costs/rank_counts.hpp>
#include <halograph/graph/dist/tree_sum.hpp>
#include <halograph/train/run.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "tool/machine.hpp"
#include "tool/memory_model.hpp"
#include "tool/scale_model.hpp"

namespace halograph::tool {
namespace {

/// Of an interconnect of the day, a share for each rank of a node.
constexpr Link assumed{3e-6, 5e9};

struct Options {
  std::int64_t elements = 16, sample_elements = 8;
  int order = 5, sample_steps = 5;
  std::vector<int> ranks{64, 2048, 16384};
  std::vector<std::string> networks{"small", "large"}, set;
  std::optional<double> seconds_per_node, bytes_per_node, latency, bandwidth;
};

std::string grouped(std::int64_t number) {
  const std::string digits = cat(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

train::Config config_of(const NetworkSize& net, const std::vector<std::string>& set) {
  const std::string text =
      cat(R"({"graph": "box", "input": ["velocity"], "target": ["pressure"], "model": {"hidden": )", net.hidden,
          R"(, "mlp_hidden_layers": )", net.mlp_hidden_layers, R"(, "steps": )", net.steps, "}}");
  return train::parse_config(text, cat("the ", net.name), set);
}

Link find_link(const Communicator& comm, const Options& options) {
  const std::optional<Link> measured = measure_link(comm);
  Link link = measured.value_or(assumed);
  const auto origin = [&](const auto& given) {
    return given ? "given" : measured ? "measured between two ranks here" : "assumed";
  };
  link.latency = options.latency.value_or(link.latency);
  link.bandwidth = options.bandwidth.value_or(link.bandwidth);
  log(comm, format("A message: %.3g us (%s) and %.3g GB/s (%s).", link.latency * 1e6, origin(options.latency),
                   link.bandwidth / 1e9, origin(options.bandwidth)));
  return link;
}

Load find_load(const Communicator& comm, const Options& options, const RankCounts& rank, const NetworkSize& net) {
  const train::Config config = config_of(net, options.set);
  train::apply_settings(comm, config);
  const StepSample sample = measure_steps(comm, config, options.sample_elements, options.order, options.sample_steps);
  const double size = double(size_of(config.dtype));
  Load load{rank,
            sample.seconds / double(sample.nodes),
            sample.bytes / double(sample.nodes),
            double(config.model.hidden) * size,
            double(sample.parameters) * size,
            double(sample.exchanges),
            double(sample.sums)};
  load.seconds_per_node = options.seconds_per_node.value_or(load.seconds_per_node);
  load.bytes_per_node = options.bytes_per_node.value_or(load.bytes_per_node);
  log(comm, "The ", net.name, ": ", grouped(sample.parameters), " parameters; a step has ", sample.exchanges,
      " exchanges of ", bytes_text(double(std::max(rank.rows_sent, rank.rows_returned)) * load.row_bytes),
      " sent, and ", sample.sums, " sums over ranks of ", bytes_text(load.gradient_bytes), " in all;");
  log(comm, format("%.3g us a node (%s), %.0f bytes a node (%s).", load.seconds_per_node * 1e6,
                   options.seconds_per_node ? "given" : "measured", load.bytes_per_node,
                   options.bytes_per_node ? "given" : "measured, tensors and topology"));
  return load;
}

int depth_on(int ranks, std::int64_t patches) {
  std::vector<std::int64_t> first_patch;
  for (std::int64_t r = 0; r <= ranks; ++r) first_patch.push_back(r * patches);
  return tree_depth(first_patch);
}

int run(const Communicator& comm, const Options& options) {
  std::vector<NetworkSize> networks;
  for (const std::string& name : options.networks)
    for (const NetworkSize& net : example_networks())
      if (net.name == name + " network") networks.push_back(net);
  for (const NetworkSize& net : networks) config_of(net, options.set);  // before anything that takes time
  RankCounts rank;
  on_all_ranks(comm, [&] { rank = count_brick(options.elements, options.order); });
  log(comm, "A rank inside a periodic box of bricks of ", options.elements, " cubed elements of order ", options.order,
      ", counted: ", grouped(rank.nodes), " nodes, ", grouped(rank.edges), " edges, ", grouped(rank.ghosts),
      " ghosts in ", rank.patches, " patches;");
  log(comm, "an exchange sends ", grouped(rank.rows_sent), " rows in ", rank.messages_sent, " messages, its adjoint ",
      grouped(rank.rows_returned), " in ", rank.messages_returned, "; ", grouped(rank.boundary_nodes),
      " nodes wait for them.");
  log(comm, "Steps measured on ", comm.size(),
      comm.size() == 1 ? " rank by itself, " : " ranks at once, each by itself, ", options.sample_elements,
      " cubed elements, ", threads(), threads() == 1 ? " thread" : " threads", " a rank.");
  const Link link = find_link(comm, options);
  std::string table =
      "| network | ranks | nodes | compute | exchanges | sums | step | step, overlapped | efficiency | overlapped | "
      "memory of a "
      "rank | patch table |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const NetworkSize& net : networks) {
    const Load load = find_load(comm, options, rank, net);
    for (const int ranks : options.ranks) {
      const Prediction p = predict(load, link, depth_on(ranks, rank.patches));
      table += format("| %s | %s | %s | %.3g s | %.3g ms | %.3g ms | %.4g s | %.4g s | %.2f %% | %.2f %% | ", net.name,
                      grouped(ranks).c_str(), grouped(ranks * rank.nodes).c_str(), p.compute, 1e3 * p.exchanges,
                      1e3 * p.sums, p.apart(), p.overlapped(), 100 * p.compute / p.apart(),
                      100 * p.compute / p.overlapped()) +
               bytes_text(p.bytes) + " | " + bytes_text(16.0 * double(ranks) * double(rank.patches)) + " |\n";
    }
  }
  log(comm, "\nPredicted, not measured:\n\n", table);
  return 0;
}

}  // namespace

void add_scale(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("scale", "Predict training steps on many ranks, from counts and from steps measured here");
  const auto options = std::make_shared<Options>();
  command->add_option("--elements", options->elements, "Elements along each edge of a rank's brick")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--order", options->order, "Polynomial order")->check(CLI::Range(1, 64))->capture_default_str();
  command->add_option("--ranks", options->ranks, "Numbers of ranks, three bricks along each axis or more")
      ->delimiter(',')
      ->check(CLI::Range(27, 1 << 24))
      ->capture_default_str();
  command->add_option("--networks", options->networks, "small (hidden 8), large (hidden 32)")
      ->delimiter(',')
      ->check(CLI::IsMember({"small", "large"}))
      ->capture_default_str();
  command->add_option("--set", options->set, "key=value of a training configuration, for example model.checkpoint=true")
      ->allow_extra_args(false);
  command
      ->add_option("--sample-elements", options->sample_elements, "Elements along each edge of the box to measure on")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--sample-steps", options->sample_steps, "Steps to measure, after two to warm up")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--seconds-per-node", options->seconds_per_node, "Of a step, instead of measuring")
      ->check(CLI::PositiveNumber);
  command->add_option("--bytes-per-node", options->bytes_per_node, "Of memory, instead of measuring")
      ->check(CLI::PositiveNumber);
  command->add_option("--latency", options->latency, "Seconds a message")->check(CLI::PositiveNumber);
  command->add_option("--bandwidth", options->bandwidth, "Bytes a second and rank")->check(CLI::PositiveNumber);
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
