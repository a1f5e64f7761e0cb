// SPDX-License-Identifier: BSD-3-Clause
// The k nearest points of queries in trees: a thread takes a query down its tree as the host does, the nearer child
// first.
#pragma once

#include <kernels/device/leaf_points.hpp>
#include <kernels/device/nearest_lists.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Lists are in shared memory, or grow in the rows of the result.
template <class T, bool InShared>
struct NearestInTrees {
  static constexpr int threads = 128;
  using Lists = SharedLists<T, threads>;
  using Points = LeafPoints<T>;
  NearestQueries<T> all;
  std::int64_t leaves_too;  ///< not 0: trees of a single leaf are searched here, too

  HALOGRAPH_FN bool is_mine(std::int64_t q) const { return q < all.count && (leaves_too || all.has_branches(q)); }

  template <class Best>
  HALOGRAPH_FN void search(std::int64_t q, Best best) const {
    T distance[64];
    std::int32_t node[64];
    const T* row = all.query[q];
    const Forest<T>& forest = all.forest;
    int height = 0;
    const auto push = [&](T d, std::int32_t n) {
      distance[height] = d;
      node[height++] = n;
    };
    best.clear(all.reach(q));
    if (all.tree[q] >= 0) push(forest.distance_to_box(all.tree[q], row), all.tree[q]);
    while (height > 0) {
      // To the next leaf first: threads that have found theirs wait, and scan together.
      std::int32_t leaf = -1;
      while (height > 0 && leaf < 0) {
        if (distance[--height] > best.worst()) continue;
        const std::int32_t here = node[height], child = forest.child[here];
        if (child < 0) {
          leaf = here;
          continue;
        }
        const T left = forest.distance_to_box(child, row), right = forest.distance_to_box(child + 1, row);
        const int nearer = right < left ? 1 : 0;
        push(nearer ? left : right, child + 1 - nearer);
        push(nearer ? right : left, child + nearer);
      }
      if (leaf < 0) break;
      const Points points(forest, leaf);
      for (int p = 0; p < points.count; p += Points::lanes) {
        T sum[1][Points::lanes];
        points.distances(p, forest.dims, sum, [&](int, int c) { return row[c]; });
        offer_points(best, points.first + p, sum[0]);
      }
    }
    best.sort();
  }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const std::int64_t first = block.index() * threads;
    if constexpr (InShared) {
      const Lists shared(block, all.k);
      block.phase([&](int thread) {
        if (is_mine(first + thread)) search(first + thread, shared.of(all, first + thread, thread));
      });
      block.phase([&](int thread) {
        for (int e = thread; e < threads * int(all.k); e += threads) {
          const int query = e / int(all.k);
          if (is_mine(first + query)) shared.write(all, first + query, e - query * int(all.k), query);
        }
      });
    } else {
      block.phase([&](int thread) {
        const std::int64_t q = first + thread;
        if (is_mine(q)) search(q, all.template list<1>(q, all.distance[q], all.place + q * all.k));
      });
    }
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
