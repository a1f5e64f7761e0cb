// SPDX-License-Identifier: BSD-3-Clause
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Graph neural networks inside large simulations", "halograph");
  app.set_version_flag("--version", "halograph " HALOGRAPH_VERSION);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
