// SPDX-License-Identifier: BSD-3-Clause
// The history of a run as a table (.csv): "step,loss,rate,gradient_norm,seconds", then a column for each loss term
// where there are several, then the loss of the validation where there is one. Numbers have 17 significant digits.
#pragma once

#include <memory>
#include <string>

#include <halograph/train/trainer.hpp>

#include "io/posix_file.hpp"

namespace halograph::train {

class HistoryFile {
 public:
  /// Replaces the file `path` by the steps that a run has done; an empty path keeps no table. The same FileError on all
  /// ranks. Collective.
  HistoryFile(const Communicator& comm, const std::string& path, const Training& training, bool validated);

  /// Appends the last step. The same FileError on all ranks if it cannot be written. Collective.
  void append(const Training& training);

 private:
  void write(const std::string& text);
  /// Header and all steps.
  void write_all(const Training& training);
  std::string row(const Training& training, std::size_t step) const;

  Communicator comm_;
  std::string path_;
  bool validated_;
  std::unique_ptr<Replacement> file_;  ///< on rank 0
  std::size_t terms_ = 0;              ///< columns for them; their names are known from the first step on
  std::int64_t size_ = 0;
};

}  // namespace halograph::train
