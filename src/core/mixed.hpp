// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace halograph {

/// Spreads the bits of a number (the finalizer of splitmix64).
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace halograph
