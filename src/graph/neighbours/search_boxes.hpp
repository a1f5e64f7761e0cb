// SPDX-License-Identifier: BSD-3-Clause
// Where the other ranks have points: boxes around parts of them, known to all ranks. Only groups that lie on several
// ranks are announced, so a batch of small graphs that stay on their ranks costs nothing.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <halograph/mpi/communicator.hpp>

#include "graph/neighbours/point_trees.hpp"

namespace halograph {

/// The squared distance that no point of box `a` is below to any of box `b`, each [2, dims], by the operations of
/// kernels/search.hpp. A point is a box of its own.
template <class T>
T distance_of_boxes(std::int64_t dims, const T* a_least, const T* a_largest, const T* b_least, const T* b_largest) {
  T sum = 0;
  for (std::int64_t c = 0; c < dims; ++c) {
    const T gap = std::max(std::max(b_least[c] - a_largest[c], a_least[c] - b_largest[c]), T(0));
    sum = std::fma(gap, gap, sum);
  }
  return sum;
}

/// The boxes of the other ranks by group.
template <class T>
class SearchBoxes {
 public:
  /// `sizes`: points of each group over all ranks. Collective.
  SearchBoxes(const Communicator& comm, const PointTrees<T>& trees, std::int64_t dims,
              std::span<const std::int64_t> sizes);

  struct Boxes {
    int rank;
    std::span<const T> all;    ///< [2, dims] around the parts
    std::span<const T> parts;  ///< [n, 2, dims]
  };
  /// Of a group, ranks ascending, this one left out.
  std::span<const Boxes> of(std::int64_t group) const {
    if (offset_.empty()) return {};
    return std::span(boxes_).subspan(offset_[std::size_t(group)],
                                     offset_[std::size_t(group) + 1] - offset_[std::size_t(group)]);
  }

 private:
  std::vector<T> values_;
  std::vector<Boxes> boxes_;
  std::vector<std::size_t> offset_;  ///< [n_groups + 1]; empty if no group is shared
};

}  // namespace halograph
