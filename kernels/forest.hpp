// SPDX-License-Identifier: BSD-3-Clause
// A forest of points as search kernels see it, on the host and on devices.
#pragma once

#include <kernels/launch/launch.hpp>
#include <kernels/search.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// PointForest with its numeric type.
template <class T>
struct Forest {
  std::int64_t dims;
  const T* box;
  const std::int32_t *child, *first, *count;
  const T* points;
  const std::int64_t* id;
  explicit Forest(const PointForest& forest)
      : dims(forest.dims),
        box(static_cast<const T*>(forest.box)),
        child(forest.child),
        first(forest.first),
        count(forest.count),
        points(static_cast<const T*>(forest.points)),
        id(forest.id) {}

  /// No point below `node` is nearer.
  HALOGRAPH_FN T distance_to_box(std::int64_t node, const T* query) const {
    const T* least = box + node * 2 * dims;
    const T* largest = least + dims;
    T sum = 0;
    for (std::int64_t c = 0; c < dims; ++c) {
      const T below = least[c] - query[c], above = query[c] - largest[c];
      T gap = below > above ? below : above;
      gap = gap > 0 ? gap : T(0);
      sum = fused(gap, gap, sum);
    }
    return sum;
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
