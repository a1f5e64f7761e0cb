// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/shared_data.hpp"

#include <cstdlib>

namespace halograph::testing {

std::filesystem::path shared_path(const std::filesystem::path& relative) {
  const char* folder = std::getenv("HALOGRAPH_SHARED");
  return std::filesystem::path(folder != nullptr ? folder : HALOGRAPH_SHARED_DEFAULT) / relative;
}

std::string shared_missing(const std::filesystem::path& relative) {
  const auto path = shared_path(relative);
  if (std::filesystem::exists(path)) {
    return {};
  }
  return path.string() + " does not exist: set HALOGRAPH_SHARED to the folder of reference data";
}

}  // namespace halograph::testing
