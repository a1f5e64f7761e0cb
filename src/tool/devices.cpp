// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <string>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"

namespace halograph::tool {
namespace {

int run(const Communicator& comm, const std::string& required) {
  for (const Device device : all_devices()) {
    std::string why;
    const bool there = available(device, &why);
    log(comm, format("%-9s ", std::string(device.name()).c_str()), there ? describe(device) : "not here: " + why);
    if (device.name() == required) agree<DeviceError>(comm, there ? "" : cat("device '", required, "': ", why));
  }
  return 0;
}

}  // namespace

void add_devices(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("devices", "What this build can run on, and what is there");
  const auto required = std::make_shared<std::string>();
  command->add_option("--require", *required, "Fail unless all ranks have this device")->check(check_device_name);
  command->callback(
      [required, &action] { action = [required](const Communicator& comm) { return run(comm, *required); }; });
}

}  // namespace halograph::tool
