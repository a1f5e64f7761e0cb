// SPDX-License-Identifier: BSD-3-Clause
// Squared distances on a device: a thread takes 16 points of a leaf at a time for one query or some. Threads next to
// each other mostly have queries of the same tree, so that a load of points serves all of them.
#pragma once

#include <kernels/device/quads.hpp>
#include <kernels/forest.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

HALOGRAPH_FN int lowest_bit(unsigned bits) {
#if defined(__CUDA_ARCH__)
  return __ffs(int(bits)) - 1;
#else
  return __builtin_ctz(bits);
#endif
}

template <class T>
struct LeafPoints {
  static constexpr int lanes = int(PointForest::lanes);
  const T* points;
  std::int32_t first, count;

  HALOGRAPH_FN LeafPoints(const Forest<T>& forest, std::int32_t leaf)
      : points(forest.points + forest.first[leaf] * forest.dims),
        first(forest.first[leaf]),
        count(forest.count[leaf]) {}

  /// sum[n][i]: from query n, whose coordinate c is query(n, c), to point p + i of the leaf.
  template <int Q, class Query>
  HALOGRAPH_FN void distances(int p, std::int64_t dims, T (&sum)[Q][lanes], const Query& query) const {
    HALOGRAPH_UNROLL
    for (int n = 0; n < Q; ++n) {
      HALOGRAPH_UNROLL
      for (int i = 0; i < lanes; ++i) sum[n][i] = T(0);
    }
    // The loads of two columns are on their way at a time.
    const T* from = points + p;
    const int n_columns = int(dims);
    HALOGRAPH_KEEP_LOOP
    for (int c = 0; c + 1 < n_columns; c += 2, from += 2 * std::int64_t(count)) {
      T even[lanes], odd[lanes];
      load(even, from);
      load(odd, from + count);
      add(sum, even, [&](int n) { return query(n, c); });
      add(sum, odd, [&](int n) { return query(n, c + 1); });
    }
    if (n_columns % 2 == 0) return;
    T last[lanes];
    load(last, from);
    add(sum, last, [&](int n) { return query(n, n_columns - 1); });
  }

 private:
  static HALOGRAPH_FN void load(T (&x)[lanes], const T* from) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < lanes; i += 4) unpack(x + i, load_unchanging(from + i));
  }
  template <int Q, class Coordinate>
  static HALOGRAPH_FN void add(T (&sum)[Q][lanes], const T (&x)[lanes], const Coordinate& coordinate) {
    HALOGRAPH_UNROLL
    for (int n = 0; n < Q; ++n) {
      const T q = coordinate(n);
      HALOGRAPH_UNROLL
      for (int i = 0; i < lanes; ++i) {
        const T d = rounded_add(x[i], -q);
        sum[n][i] = fused(d, d, sum[n][i]);
      }
    }
  }
};

/// Which of 16 distances are at most `worst`.
template <class T>
HALOGRAPH_FN unsigned at_most(T worst, const T (&distance)[LeafPoints<T>::lanes]) {
  unsigned bits = 0;
  HALOGRAPH_UNROLL
  for (int i = 0; i < LeafPoints<T>::lanes; ++i) bits |= unsigned(distance[i] <= worst) << i;
  return bits;
}

/// Offers those of 16 points from `place` on that are near enough.
template <class T, class Best>
HALOGRAPH_FN void offer_points(Best& best, std::int32_t place, const T (&distance)[LeafPoints<T>::lanes]) {
  unsigned bits = at_most(best.worst(), distance);
  if (!bits) return;
  // What an index chooses from lies in memory; the distances themselves stay in registers.
  T chosen[LeafPoints<T>::lanes];
  HALOGRAPH_UNROLL
  for (int i = 0; i < LeafPoints<T>::lanes; ++i) chosen[i] = distance[i];
  for (; bits; bits &= bits - 1) {
    const int i = lowest_bit(bits);
    best.offer(chosen[i], place + i);
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
