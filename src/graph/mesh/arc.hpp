// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <cstdint>

namespace halograph {

/// A directed edge between node ids; the order of the members is the order of the edges.
struct Arc {
  std::int64_t target, source;
  auto operator<=>(const Arc&) const = default;
};

}  // namespace halograph
