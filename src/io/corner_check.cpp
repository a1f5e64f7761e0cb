// SPDX-License-Identifier: BSD-3-Clause
#include "io/corner_check.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace halograph::io {

Corners check_corners(ElementShape shape, std::span<const std::int64_t> corner) {
  bool different = true;
  for (std::size_t a = 0; a < corner.size(); ++a)
    for (std::size_t b = a + 1; b < corner.size(); ++b) different = different && corner[a] != corner[b];
  if (different) return Corners::different;

  // The corners that edges of length zero join get one label.
  std::array<int, 8> label{};
  std::iota(label.begin(), label.end(), 0);
  for (const auto& [a, b] : edges_of(shape)) {
    const int from = label[std::size_t(a)], to = label[std::size_t(b)];
    if (corner[std::size_t(a)] == corner[std::size_t(b)]) std::replace(label.begin(), label.end(), from, to);
  }
  int nodes = 0;
  for (std::size_t a = 0; a < corner.size(); ++a) {
    bool first = true;
    for (std::size_t b = 0; b < a; ++b) {
      if (corner[b] != corner[a]) continue;
      first = false;
      if (label[b] != label[a]) return Corners::broken;
    }
    nodes += first ? 1 : 0;
  }
  return nodes > dimension_of(shape) ? Corners::collapsed : Corners::broken;
}

}  // namespace halograph::io
