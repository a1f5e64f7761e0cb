// SPDX-License-Identifier: BSD-3-Clause
// halograph_bench: what the machine can do, what single operations reach of it, and what whole training steps and
// inferences do. Under mpirun it uses all ranks, and HALOGRAPH_THREADS threads on each.
#include <CLI/CLI.hpp>

#include <exception>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>
#include <halograph/mpi/runtime.hpp>

#include "tests/benchmarks/report.hpp"

namespace {

using namespace halograph;
using namespace halograph::bench;

void add_options(CLI::App& app, Options& options) {
  app.add_option("--device", options.device, "Device to measure: host, emulated, cuda or hip");
  app.add_option("--cases", options.cases, "Networks, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(case_names()))
      ->capture_default_str();
  app.add_option("--elements", options.elements, "Spectral elements along each axis, one number or three")
      ->delimiter(',')
      ->check(CLI::Range(1, 4096));
  app.add_option("--samples", options.samples, "Samples of which the median counts")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--dtype", [&](const std::string& word) { options.dtype = parse_dtype(word); }, "f32 or f64")
      ->check(CLI::IsMember({"f32", "f64"}));
  app.add_option("--json", options.json, "File for the figures");
  app.add_option("--only", options.only, "One part; the machine is measured in any case")
      ->check(CLI::IsMember({"machine", "kernels", "cases", "layers"}));
  app.add_option("--layers", options.layers, "Layers by name, separated by commas; all without")->delimiter(',');
  app.add_option("--nodes", options.nodes, "Nodes that layers work on")
      ->check(CLI::Range(1, 1 << 28))
      ->capture_default_str();
  app.add_option("--patches", options.cut, "Patches; as many as ranks: sums in whatever order the ranks make")
      ->check(CLI::Range(1, 1 << 24));
  app.add_flag("--per-rank", options.per_rank, "Multiply the first of --elements by the number of ranks");
  app.add_flag("--quick", options.quick, "Tiny sizes and two samples: figures without meaning, to see that all runs");
  app.add_flag("--checkpoint,!--no-checkpoint", options.checkpoint,
               "Keep the input of each step and run it again going back");
}

/// The host does not step in for a device that is not there: it would be measured under a wrong name.
void choose_device(const std::string& name) {
  const Device device = Device::parse(name);
  std::string why;
  require<DeviceError>(available(device, &why), "device '", name, "': ", why);
  Device::set_preferred(device);
}

void run(const Communicator& comm, Options options) {
  require(options.elements.size() != 2, "--elements takes one number or three");
  if (options.quick) options.samples = 2;
  if (!options.device.empty()) choose_device(options.device);
  Report report{options, measure_machine(comm, options.quick), {}, {}, {}};
  if (options.wants("kernels")) report.kernels = measure_kernels(comm, report.machine, options);
  if (options.wants("cases")) report.cases = measure_cases(comm, report.machine, options);
  if (options.wants("layers")) report.layers = measure_layers(comm, report.machine, options);
  print(comm, report);
  if (comm.rank() == 0 && !options.json.empty()) write_json(options.json, report);
}

}  // namespace

int main(int argc, char** argv) {
  const Runtime runtime(argc, argv);
  CLI::App app("Measures halograph on this machine", "halograph_bench");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int usage = 2;
    if (runtime.is_root()) app.exit(error);
    return error.get_exit_code() == 0 ? 0 : usage;
  }
  std::string error;
  try {
    run(runtime.comm(), options);
  } catch (const std::exception& failure) {
    error = *failure.what() != '\0' ? failure.what() : "unknown error";
  }
  return runtime.conclude(error);
}
