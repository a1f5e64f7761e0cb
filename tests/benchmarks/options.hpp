// SPDX-License-Identifier: BSD-3-Clause
// The command line of the benchmark program. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <halograph/core/dtype.hpp>

namespace halograph::bench {

struct Options {
  std::string device;  ///< by name; empty: the one that the environment prefers
  std::vector<std::string> cases{"small", "large", "wide"};
  std::vector<std::int64_t> elements;  ///< along each axis; one number: a cube; empty: each case's own
  int samples = 7;
  DType dtype = DType::f32;
  std::string json;                 ///< file to write; empty: none
  std::string only;                 ///< "machine", "kernels", "cases" or "layers"; empty: all
  std::vector<std::string> layers;  ///< those to measure; empty: all
  std::int64_t nodes = 20000;       ///< that layers work on
  bool quick = false;
  bool checkpoint = false;
  bool per_rank = false;  ///< the box grows with the ranks, along the first axis

  bool wants(const std::string& part) const { return only.empty() || only == part; }
  /// The box on `ranks` ranks, where `side` elements along each axis are the case's own choice.
  std::array<std::int64_t, 3> box(std::int64_t side, int ranks) const {
    const std::int64_t n = !elements.empty() ? elements[0] : quick ? 2 : side;
    const std::int64_t first = per_rank ? n * ranks : n;
    if (elements.size() == 3) return {first, elements[1], elements[2]};
    return {first, n, n};
  }
  std::int64_t cut = 0;  ///< patches asked for; 0: by the number of nodes

  /// Tiny boxes would have one patch, and nothing to exchange.
  std::int64_t patches() const { return cut > 0 ? cut : quick ? 4 : 0; }
};

}  // namespace halograph::bench
