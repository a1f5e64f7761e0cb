// SPDX-License-Identifier: BSD-3-Clause
// Errors speak of nodes, edges or files. Who knows where those come from puts it in front: the file of a graph, the key
// of a configuration.
#pragma once

#include <filesystem>
#include <string>

#include <halograph/core/error.hpp>

namespace halograph::train {

/// Runs `body`; a UsageError or FileError of it is thrown again with `source` in front.
template <class Body>
decltype(auto) naming(const std::string& source, Body&& body) {
  try {
    return body();
  } catch (const UsageError& error) {
    throw UsageError(cat(source, ": ", error.what()));
  } catch (const FileError& error) {
    throw FileError(cat(source, ": ", error.what()));
  }
}

/// Whether two paths name one file, as far as their text tells.
inline bool same_file(const std::string& a, const std::string& b) {
  return std::filesystem::path(a).lexically_normal() == std::filesystem::path(b).lexically_normal();
}

}  // namespace halograph::train
