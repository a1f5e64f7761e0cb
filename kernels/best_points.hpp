// SPDX-License-Identifier: BSD-3-Clause
// The k best points of a query so far: a heap by (distance, id), the worst on top, sorted in the end. Ids differ, so
// what is left does not depend on the order in which points were offered.
#pragma once

#include <cstdint>

#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Entry i is at distance[i * Stride] and place[i * Stride]. Free entries, with place -1, stand for the limit of the
/// search: (the distance given to clear(), limit).
template <class T, int Stride = 1>
struct BestPoints {
  T* distance;
  std::int32_t* place;
  int k;
  const std::int64_t* id;
  std::int64_t except, limit;

  HALOGRAPH_FN std::int64_t id_of(std::int32_t p) const { return p < 0 ? limit : id[p]; }
  HALOGRAPH_FN bool before(T da, std::int32_t pa, T db, std::int32_t pb) const {
    return da < db || (da == db && id_of(pa) < id_of(pb));
  }
  HALOGRAPH_FN void put(int i, T d, std::int32_t p) {
    distance[i * Stride] = d;
    place[i * Stride] = p;
  }

  HALOGRAPH_FN void clear(T within) {
    for (int i = 0; i < k; ++i) put(i, within, -1);
  }
  HALOGRAPH_FN T worst() const { return distance[0]; }

  /// Sinks a point from entry i of the heap's first n.
  HALOGRAPH_FN void sink(int i, int n, T d, std::int32_t p) {
    for (int next = 2 * i + 1; next < n; next = 2 * i + 1) {
      T below = distance[next * Stride];
      std::int32_t place_below = place[next * Stride];
      if (next + 1 < n && before(below, place_below, distance[(next + 1) * Stride], place[(next + 1) * Stride])) {
        ++next;
        below = distance[next * Stride];
        place_below = place[next * Stride];
      }
      if (!before(d, p, below, place_below)) break;
      put(i, below, place_below);
      i = next;
    }
    put(i, d, p);
  }
  HALOGRAPH_FN void offer(T d, std::int32_t p) {
    if (id[p] != except && before(d, p, distance[0], place[0])) sink(0, k, d, p);
  }

  /// Ascending; free entries are last, infinitely far.
  HALOGRAPH_FN void sort() {
    for (int n = k - 1; n > 0; --n) {
      const T d = distance[n * Stride];
      const std::int32_t p = place[n * Stride];
      put(n, distance[0], place[0]);
      sink(0, n, d, p);
    }
    for (int i = 0; i < k; ++i)
      if (place[i * Stride] < 0) distance[i * Stride] = T(__builtin_inf());
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
