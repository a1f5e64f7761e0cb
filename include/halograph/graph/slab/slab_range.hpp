// SPDX-License-Identifier: BSD-3-Clause
// Cuts n rows into contiguous slabs: part p of P takes rows [n p / P, n (p+1) / P). Readers, generators and tests
// all use this one cut. Nothing here communicates.
#pragma once

#include <cstdint>

#include <halograph/core/error.hpp>

namespace halograph {

/// First row of `part`: floor(n part / parts), without overflow for any n >= 0 and 0 <= part <= parts.
constexpr std::int64_t slab_begin(std::int64_t n, int part, int parts) {
  return n / parts * part + n % parts * part / parts;
}

/// Throws UsageError unless 0 <= part < parts.
inline void require_part(int part, int parts) {
  require(part >= 0 && part < parts, "part ", part, " of ", parts, " parts: expected 0 <= part < parts");
}

}  // namespace halograph
