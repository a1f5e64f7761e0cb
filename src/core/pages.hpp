// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace halograph {

constexpr std::int64_t huge_page = std::int64_t(1) << 21;  ///< bytes

/// Returns the least multiple of `unit` that is not below `bytes`.
constexpr std::int64_t round_up(std::int64_t bytes, std::int64_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace halograph
