// SPDX-License-Identifier: BSD-3-Clause
// What the subcommands print, on rank 0 only, and what they do before a long job.
#pragma once

#include <cstdio>
#include <string>

#include <halograph/core/error.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/train/config.hpp>

namespace halograph::tool {

/// snprintf into a string, for numbers in columns.
template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// 1536 -> "1.50 KiB".
std::string bytes_text(double bytes);

/// Throws FileError on all ranks if no file can be made beside `path` or it cannot be replaced; `what` says what the
/// path is for. An earlier file stays as it is. An empty path is fine. Collective.
void require_writable(const Communicator& comm, const std::string& path, const std::string& what);

/// Why there is no device of this name in this build; empty if there is. A validator of CLI11.
std::string check_device_name(const std::string& word);

/// Threads, overlap and device of this process as configured. Warns where threads share cores. Collective.
void apply_settings(const Communicator& comm, const train::Config& config);

}  // namespace halograph::tool
