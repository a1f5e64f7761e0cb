// SPDX-License-Identifier: BSD-3-Clause
#include "tool/console.hpp"

#include <array>
#include <filesystem>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>

#include "io/posix_file.hpp"
#include "mpi/launch.hpp"

namespace halograph::tool {
namespace {

/// Why no file can be written at `path`; empty if one can. An earlier file stays as it is.
std::string why_not_writable(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return cat(path, ": is a folder");
  const std::string parent = directory_of(path);
  if (!fs::is_directory(parent, ignored)) return cat(path, ": the folder ", parent, " does not exist");
  try {
    const Replacement trial(path);
    return {};
  } catch (const FileError& error) {
    return error.what();
  }
}

}  // namespace

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return format(unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
}

void require_writable(const Communicator& comm, const std::string& path, const std::string& what) {
  if (path.empty()) return;
  const std::string why = comm.rank() == 0 ? why_not_writable(path) : "";
  agree<FileError>(comm, why.empty() ? "" : cat(why, "; it is to take the ", what));
}

std::string check_device_name(const std::string& word) {
  try {
    Device::parse(word);
    return {};
  } catch (const UsageError& error) {
    return error.what();
  }
}

void apply_settings(const Communicator& comm, const train::Config& config) {
  if (config.threads > 0 && config.threads != threads()) {
    set_threads(int(config.threads));
    warn_of_shared_cores(comm);
  }
  set_overlap(config.overlap);
  if (!config.device.empty()) Device::set_preferred(Device::find(config.device));
}

}  // namespace halograph::tool
