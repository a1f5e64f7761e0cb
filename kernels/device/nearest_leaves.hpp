// SPDX-License-Identifier: BSD-3-Clause
// The k nearest points of queries whose tree is a single leaf: brute force. 32 threads have 64 queries, two each; the
// points of the leaf are shared out among `Shares` rows of 32 threads, with lists of their own in shared memory, which
// a thread a query joins in the end. A load of 16 bytes of points serves all threads of a row, for two queries each.
#pragma once

#include <kernels/device/leaf_points.hpp>
#include <kernels/device/nearest_lists.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Leaves all other queries alone.
template <class T, int Shares>
struct NearestInLeaves {
  static constexpr int threads = 32 * Shares, queries = 64, lists = Shares * queries;
  static constexpr int stride = queries + 1;  ///< odd: queries are turned on their side on their way to shared memory
  using Lists = SharedLists<T, lists>;
  using Points = LeafPoints<T>;
  NearestQueries<T> all;

  static std::int64_t shared_bytes(std::int64_t k, std::int64_t dims) {
    return k * Lists::bytes(1) + dims * stride * std::int64_t(sizeof(T));
  }
  /// Queries next to each other, mostly of one tree, are those of one thread: where a block's query stands.
  static HALOGRAPH_FN int column(int query) { return (query >> 1) + 32 * (query & 1); }
  HALOGRAPH_FN bool is_mine(std::int64_t q) const { return q < all.count && !all.has_branches(q); }

  HALOGRAPH_FN void stage(int thread, std::int64_t first, T* staged) const {
    const int dims = int(all.forest.dims);
    const int here = all.count - first < queries ? int(all.count - first) : queries;
    for (int e = thread; e < here * dims; e += threads) {
      const int row = e / dims, c = e - row * dims;
      staged[c * stride + column(row)] = all.query[first + row][c];
    }
  }

  /// A share of the points of a leaf, for Q queries of a thread.
  template <int Q>
  HALOGRAPH_FN void scan(std::int32_t leaf, int share, BestPoints<T, lists>* best, const T* staged) const {
    if (leaf < 0) return;
    const Points points(all.forest, leaf);
    for (int p = share * Points::lanes; p < points.count; p += Shares * Points::lanes) {
      T sum[Q][Points::lanes];
      points.distances(p, all.forest.dims, sum, [&](int n, int c) { return staged[c * stride + 32 * n]; });
      HALOGRAPH_UNROLL
      for (int n = 0; n < Q; ++n) offer_points(best[n], points.first + p, sum[n]);
    }
  }

  HALOGRAPH_FN void search(int thread, std::int64_t first, const Lists& shared, const T* staged) const {
    const int lane = thread & 31, share = thread >> 5;
    BestPoints<T, lists> best[2];
    std::int32_t leaf[2];
    HALOGRAPH_UNROLL
    for (int n = 0; n < 2; ++n) {
      const std::int64_t q = first + 2 * lane + n;
      leaf[n] = -1;
      if (!is_mine(q)) continue;
      leaf[n] = all.tree[q];
      best[n] = shared.of(all, q, share * queries + 32 * n + lane);
      best[n].clear(all.reach(q));
    }
    if (leaf[0] == leaf[1]) {
      scan<2>(leaf[0], share, best, staged + lane);
    } else {
      scan<1>(leaf[0], share, best, staged + lane);
      scan<1>(leaf[1], share, best + 1, staged + 32 + lane);
    }
  }

  /// What the shares found of a query.
  HALOGRAPH_FN void join(std::int64_t q, int at, const Lists& shared) const {
    BestPoints<T, lists> best = shared.of(all, q, at);
    for (int other = at + queries; other < lists; other += queries)
      for (int i = 0; i < int(all.k); ++i) {
        const std::int32_t place = shared.place[i * lists + other];
        if (place >= 0) best.offer(shared.distance[i * lists + other], place);
      }
    best.sort();
  }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const std::int64_t first = block.index() * queries;
    const Lists shared(block, all.k);
    T* const staged = block.template shared<T>(Lists::bytes(all.k));
    block.phase([&](int thread) { stage(thread, first, staged); });
    block.phase([&](int thread) { search(thread, first, shared, staged); });
    block.phase([&](int thread) {
      for (int at = thread; at < queries; at += threads) {
        const std::int64_t q = first + 2 * (at & 31) + (at >> 5);
        if (is_mine(q)) join(q, at, shared);
      }
    });
    block.phase([&](int thread) {
      for (int e = thread; e < queries * int(all.k); e += threads) {
        const int query = e / int(all.k);
        if (is_mine(first + query)) shared.write(all, first + query, e - query * int(all.k), column(query));
      }
    });
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
