// SPDX-License-Identifier: BSD-3-Clause
// The subcommands of the tool. Each adds its options to the command line; when it is chosen it sets `action`,
// which runs after all options have been read and returns the exit code, the same on all ranks.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include <halograph/mpi/communicator.hpp>

namespace halograph::tool {

using Action = std::function<int(const Communicator&)>;

void add_devices(CLI::App& app, Action& action);
void add_generate(CLI::App& app, Action& action);
void add_partition(CLI::App& app, Action& action);
void add_info(CLI::App& app, Action& action);
void add_scale(CLI::App& app, Action& action);
void add_train(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_weights(CLI::App& app, Action& action);

}  // namespace halograph::tool
