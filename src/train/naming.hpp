// SPDX-License-Identifier: BSD-3-Clause
// Errors about a graph speak of nodes and edges. Who read it from a file puts the file's name in front.
#pragma once

#include <string>

#include <halograph/core/error.hpp>

namespace halograph::train {

/// Runs `body`; a UsageError of it is thrown again with `source` in front.
template <class Body>
decltype(auto) naming(const std::string& source, Body&& body) {
  try {
    return body();
  } catch (const UsageError& error) {
    throw UsageError(cat(source, ": ", error.what()));
  }
}

}  // namespace halograph::train
