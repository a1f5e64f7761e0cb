// SPDX-License-Identifier: BSD-3-Clause
// Makes the numbers that radial bases are formed with.
#pragma once

#include <vector>

#include <halograph/core/scope.hpp>

namespace halograph::nn {

/// Registers the buffer [1, n] of first, first + spacing, ...
inline Tensor evenly_spaced(const Scope& scope, std::string_view part, double first, double spacing, std::int64_t n) {
  std::vector<double> values;
  for (std::int64_t k = 0; k < n; ++k) values.push_back(first + spacing * double(k));
  const Tensor buffer = scope.buffer(part, 1, n, 0, true);
  Tensor(buffer).assign(values);
  return buffer;
}

}  // namespace halograph::nn
