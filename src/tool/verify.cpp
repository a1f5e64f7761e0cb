// SPDX-License-Identifier: BSD-3-Clause
// The same few steps on 1, 2, ... ranks of this launch, on several devices, with several numbers of threads, with and
// without overlap.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>
#include <halograph/train/graph_input.hpp>
#include <halograph/train/run.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct Options {
  std::string config;
  std::vector<std::string> set;
  std::vector<int> threads{1, 2};
  std::vector<Device> devices;
  std::int64_t steps = 3;
};

/// Prints the rows of the table and remembers whether all digests were the first one.
class Table {
 public:
  void header(const Communicator& comm) const {
    log(comm, format("%-8s %6s %8s %8s %24s  %-64s  %s", "device", "ranks", "threads", "overlap", "loss", "digest",
                     "verdict"));
  }
  void row(int ranks, const train::MeshTraining& trainer, const std::string& digest) {
    if (first_.empty()) first_ = digest;
    const bool same = digest == first_;
    all_same_ = all_same_ && same;
    const double loss = trainer.history().empty() ? 0 : trainer.history().back().loss;
    std::cout << format("%-8s %6d %8d %8s %24.17g  ", std::string(Device::preferred().name()).c_str(), ranks, threads(),
                        overlap_enabled() ? "on" : "off", loss)
              << digest << "  " << (same ? "same" : "different") << std::endl;
  }
  bool all_same() const { return all_same_; }

 private:
  std::string first_;
  bool all_same_ = true;
};

/// All settings on one communicator; the rank 0 of the launch is the rank 0 of every part of it.
void verify_on(const Communicator& part, const train::Config& config, const Options& options, Table& table) {
  GraphSlab slab = train::read_configured(part, config);
  train::CaseOptions once;
  once.warnings = part.size() == 1;
  const train::Case data =
      train::naming(config.graph, [&] { return train::make_case(part, config, std::move(slab), once); });
  for (const int count : options.threads)
    for (const bool overlap : {true, false}) {
      set_threads(count);
      set_overlap(overlap);
      train::MeshTraining trainer(data, config);
      train::start_from(trainer, config);
      for (std::int64_t step = 0; step < options.steps; ++step) trainer.step();
      const std::string digest = trainer.digest();
      if (part.rank() == 0) table.row(part.size(), trainer, digest);
    }
}

void verify_ranks(const Communicator& comm, const train::Config& config, const Options& options, Table& table) {
  for (int ranks = 1; ranks <= comm.size(); ++ranks) {
    const bool takes_part = comm.rank() < ranks;
    const Communicator part = comm.split(takes_part ? 0 : -1, comm.rank());
    const std::string source = cat("on ", ranks, ranks == 1 ? " rank" : " ranks");
    on_all_ranks(comm, [&] {
      if (takes_part) train::naming(source, [&] { verify_on(part, config, options, table); });
    });
  }
}

int run(const Communicator& comm, const Options& options) {
  const train::Config config = train::read_config(comm, options.config, options.set);
  train::apply_settings(comm, config);
  Table table;
  table.header(comm);
  if (options.devices.empty()) verify_ranks(comm, config, options, table);
  for (const Device device : options.devices) {
    std::string why;
    available(device, &why);
    agree<DeviceError>(comm, why.empty() ? "" : cat("device '", device.name(), "': ", why));
    Device::set_preferred(device);
    verify_ranks(comm, config, options, table);
  }
  const bool same = comm.min(int(table.all_same())) == 1;
  log(comm, same ? "all runs gave the same bits" : "the runs differ");
  return same ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("verify", "Check that results do not depend on ranks, threads, overlap and device");
  const auto options = std::make_shared<Options>();
  command->add_option("config", options->config, "Configuration (.json), see docs/training.md")->required();
  command->add_option("--steps", options->steps, "Steps of each run")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads a rank, one table row each")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      ->add_option_function<std::vector<std::string>>(
          "--devices",
          [options](const std::vector<std::string>& words) {
            for (const std::string& word : words) options->devices.push_back(Device::parse(word));
          },
          "Devices to compare, for example host,cuda; one set of rows each")
      ->delimiter(',')
      ->check(check_device_name);
  command->add_option("--set", options->set, "key=value, for example model.hidden=8")->allow_extra_args(false);
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
