// SPDX-License-Identifier: BSD-3-Clause
#include "io/writable.hpp"

#include <filesystem>

#include <halograph/core/error.hpp>

#include "io/posix_file.hpp"

namespace halograph::io {
namespace {

/// Why no file can be written at `path`; empty if one can.
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

void require_writable(const Communicator& comm, const std::string& path, const std::string& what) {
  if (path.empty()) return;
  const std::string why = comm.rank() == 0 ? why_not_writable(path) : "";
  agree<FileError>(comm, why.empty() ? "" : cat(why, "; it is to take the ", what));
}

}  // namespace halograph::io
