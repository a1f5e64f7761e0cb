// SPDX-License-Identifier: BSD-3-Clause
// Squared distances of queries to the points of a leaf, 16 points at a time. See search.hpp for the one order of
// arithmetic.
#pragma once

#include <kernels/forest.hpp>
#include <kernels/host/lane_bits.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Calls found(n, place, distances, bits) for each query n in [0, Q) and 16 points of which some, those of `bits`, are
/// at most worst(n) away. Distances grow along the columns: points that are too far for all queries are left early.
template <class T, int Q, class Worst, class Found>
HALOGRAPH_FN void scan_points(const Forest<T>& forest, std::int64_t leaf, std::int64_t begin, std::int64_t end,
                              const T* const* query, const Worst& worst, const Found& found) {
  constexpr int W = PointForest::lanes;
  constexpr std::int64_t stretch = 16;
  const std::int64_t dims = forest.dims, stride = forest.count[leaf];
  const T* points = forest.points + forest.first[leaf] * dims;
  for (std::int64_t p = begin; p < end; p += W) {
    Pack<T, W> sum[Q];
    for (int n = 0; n < Q; ++n) sum[n] = Pack<T, W>(T(0));
    unsigned bits[Q];
    for (std::int64_t c0 = 0; c0 < dims; c0 += stretch) {
      const std::int64_t c1 = c0 + stretch < dims ? c0 + stretch : dims;
      for (std::int64_t c = c0; c < c1; ++c) {
        const Pack<T, W> x = load<W>(points + c * stride + p);
        for (int n = 0; n < Q; ++n) {
          const Pack<T, W> d = x - Pack<T, W>(query[n][c]);
          sum[n] = fma(d, d, sum[n]);
        }
      }
      unsigned any = 0;
      for (int n = 0; n < Q; ++n) any |= bits[n] = lane_bits(sum[n] <= Pack<T, W>(worst(n)));
      if (!any) break;
    }
    for (int n = 0; n < Q; ++n)
      if (bits[n]) {
        T distance[W];
        store(distance, sum[n]);
        found(n, forest.first[leaf] + p, distance, bits[n]);
      }
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
