// SPDX-License-Identifier: BSD-3-Clause
#include "tool/history.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <span>

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

std::string row(std::int64_t step, const train::StepReport& r) {
  return format("%lld,%.17g,%.17g,%.17g,%.6g\n", static_cast<long long>(step), r.loss, r.rate, r.gradient_norm,
                r.seconds);
}

}  // namespace

HistoryFile::HistoryFile(const Communicator& comm, const std::string& path, const train::Trainer& trainer)
    : comm_(comm), path_(path) {
  if (path_.empty()) return;
  on_root<FileError>(comm_, path_, [&] {
    // Where there is no room for the new table, an earlier one stays.
    file_ = std::make_unique<Replacement>(path_);
    write("step,loss,rate,gradient_norm,seconds\n");
    for (std::size_t i = 0; i < trainer.history().size(); ++i) write(row(std::int64_t(i) + 1, trainer.history()[i]));
    file_->commit();
  });
}

void HistoryFile::append(const train::Trainer& trainer) {
  if (path_.empty()) return;
  on_root<FileError>(comm_, path_, [&] { write(row(trainer.steps_done(), trainer.history().back())); });
}

void HistoryFile::write(const std::string& text) {
  file_->file().write(size_, std::as_bytes(std::span(text)));
  size_ += std::int64_t(text.size());
}

Progress::Progress(const Communicator& comm, std::int64_t steps)
    : silent_(comm.rank() != 0), bar_(on_terminal()), steps_(steps), every_(std::max<std::int64_t>(1, steps / 20)) {}

Progress::~Progress() {
  if (line_open_) std::cout << std::endl;
}

void Progress::show(const train::Trainer& trainer) {
  if (silent_) return;
  const std::int64_t step = trainer.steps_done();
  const train::StepReport& report = trainer.history().back();
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
