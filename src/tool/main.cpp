// SPDX-License-Identifier: BSD-3-Clause
// The halograph tool: reads the command line, runs a subcommand, and sees to it that a failure ends all ranks
// with exit code 1 and one message. Mistakes on the command line end with 2.
#include <exception>
#include <iostream>
#include <new>
#include <string>

#include <halograph/mpi/runtime.hpp>

#include "tool/commands.hpp"

namespace {

using halograph::tool::Action;

/// What is wrong with `body`, empty if nothing.
template <class Body>
std::string failure_of(Body&& body) {
  try {
    body();
    return {};
  } catch (const std::bad_alloc&) {
    return "out of memory";
  } catch (const std::exception& error) {
    return *error.what() != '\0' ? error.what() : "unknown error";
  }
}

}  // namespace

int main(int argc, char** argv) {
  const halograph::Runtime runtime(argc, argv);
  CLI::App app("Graph neural networks inside large simulations", "halograph");
  app.set_version_flag("--version", "halograph " HALOGRAPH_VERSION);
  app.require_subcommand(0, 1);  // so that CLI11 names a word that is none
  Action action;
  halograph::tool::add_generate(app, action);
  halograph::tool::add_partition(app, action);
  halograph::tool::add_info(app, action);
  halograph::tool::add_scale(app, action);
  halograph::tool::add_train(app, action);
  halograph::tool::add_predict(app, action);
  halograph::tool::add_verify(app, action);
  halograph::tool::add_weights(app, action);
  halograph::tool::add_devices(app, action);
  try {
    app.parse(argc, argv);
    if (!action) throw CLI::RequiredError("A subcommand");
  } catch (const CLI::ParseError& error) {
    constexpr int usage = 2;
    if (runtime.is_root()) app.exit(error);
    return error.get_exit_code() == 0 ? 0 : usage;
  }
  int code = 0;
  const std::string error = failure_of([&] {
    runtime.check_environment();
    code = action(runtime.comm());
  });
  const int failed = runtime.conclude(error);
  return failed != 0 ? failed : code;
}
