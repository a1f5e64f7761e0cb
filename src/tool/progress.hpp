// SPDX-License-Identifier: BSD-3-Clause
// The progress of a run on the terminal.
#pragma once

#include <cstdint>

#include <halograph/train/mesh_training.hpp>

namespace halograph::tool {

/// A bar where standard output is a terminal, otherwise a line now and then. Prints on rank 0.
class Progress {
 public:
  Progress(const Communicator& comm, std::int64_t steps);
  ~Progress() { close(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(const train::Training& training);
  /// Leaves the line of an unfinished bar.
  void close();

 private:
  bool silent_, bar_, line_open_ = false;
  std::int64_t steps_, every_;
};

}  // namespace halograph::tool
