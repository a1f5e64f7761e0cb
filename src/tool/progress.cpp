// SPDX-License-Identifier: BSD-3-Clause
#include "tool/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tool/console.hpp"

namespace halograph::tool {
namespace {

/// Whether somebody watches standard output. mpirun gives its ranks a terminal of its own, wherever its output goes;
/// its own output then tells.
bool on_terminal() {
  if (isatty(STDOUT_FILENO) == 0) return false;
  if (std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) return true;
  std::error_code unknown;
  const auto output = std::filesystem::read_symlink(cat("/proc/", getppid(), "/fd/1"), unknown).string();
  return output.starts_with("/dev/pts/") || output.starts_with("/dev/tty");
}

}  // namespace

Progress::Progress(const Communicator& comm, std::int64_t steps)
    : silent_(comm.rank() != 0), bar_(on_terminal()), steps_(steps), every_(std::max<std::int64_t>(1, steps / 20)) {}

void Progress::close() {
  if (line_open_) std::cout << std::endl;
  line_open_ = false;
}

void Progress::show(const train::Training& training) {
  if (silent_) return;
  const std::int64_t step = training.steps_done();
  const train::StepReport& report = training.history().back();
  const bool last = step == steps_;
  const std::string numbers = format("step %lld of %lld  loss %.6e  %.3f s", static_cast<long long>(step),
                                     static_cast<long long>(steps_), report.loss, report.seconds);
  if (!bar_) {
    if (last || step == 1 || step % every_ == 0) std::cout << numbers << std::endl;
    return;
  }
  constexpr std::int64_t width = 30;
  const std::int64_t filled = steps_ > 0 ? width * step / steps_ : width;
  std::cout << "\r[" << std::string(std::size_t(filled), '#') << std::string(std::size_t(width - filled), ' ') << "] "
            << numbers << "\033[K" << (last ? "\n" : "") << std::flush;
  line_open_ = !last;
}

}  // namespace halograph::tool
