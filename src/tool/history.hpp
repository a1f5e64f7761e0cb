// SPDX-License-Identifier: BSD-3-Clause
// The history of a run as a table (.csv) and as lines or a bar on the terminal.
#pragma once

#include <memory>
#include <string>

#include <halograph/train/trainer.hpp>

#include "io/posix_file.hpp"

namespace halograph::tool {

/// Rows "step,loss,rate,gradient_norm,seconds" with 17 significant digits, written by rank 0 as the steps go by.
class HistoryFile {
 public:
  /// Replaces the file `path` by the steps that a trainer has done; an empty path keeps no table. Throws FileError on
  /// all ranks. Collective.
  HistoryFile(const Communicator& comm, const std::string& path, const train::Trainer& trainer);

  /// Appends the last step. Throws FileError on all ranks if it cannot be written. Collective.
  void append(const train::Trainer& trainer);

 private:
  void write(const std::string& text);

  Communicator comm_;
  std::string path_;
  std::unique_ptr<Replacement> file_;  ///< on rank 0
  std::int64_t size_ = 0;
};

/// A bar where standard output is a terminal, otherwise a line now and then. Prints on rank 0.
class Progress {
 public:
  Progress(const Communicator& comm, std::int64_t steps);
  /// Leaves the line of an unfinished bar.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(const train::Trainer& trainer);

 private:
  bool silent_, bar_, line_open_ = false;
  std::int64_t steps_, every_;
};

}  // namespace halograph::tool
