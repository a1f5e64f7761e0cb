// SPDX-License-Identifier: BSD-3-Clause
// The k nearest points of queries in a forest, on a device, by two kernels: each leaves the other's queries alone.
// Trees of a single leaf: 32 threads have 64 queries, two each, and as many rows of 32 threads as their lists have room
// for share the points of the leaf; then a thread a query joins the lists. Other trees: a thread takes a query down its
// tree as on the host. Lists that are too long for shared memory grow in the rows of the result.
#include <kernels/device/leaf_points.hpp>
#include <kernels/device/nearest_lists.hpp>
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

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

/// Whether there is room.
template <class T, int Shares>
bool launch_leaves(const NearestQueries<T>& all) {
  using Body = NearestInLeaves<T, Shares>;
  const std::int64_t bytes = Body::shared_bytes(all.k, all.forest.dims);
  if (bytes > shared_memory_limit()) return false;
  for_each_block<Body::threads>((all.count + Body::queries - 1) / Body::queries, bytes, Body{all});
  return true;
}

template <class T>
void nearest_as(const NearestTask& task) {
  const NearestQueries<T> all(task);
  const bool leaves_done = launch_leaves<T, 4>(all) || launch_leaves<T, 1>(all);
  constexpr int threads = NearestInTrees<T, true>::threads;
  const std::int64_t blocks = (all.count + threads - 1) / threads, bytes = all.k * SharedLists<T, threads>::bytes(1);
  // Some blocks at a time, to hide how long memory takes.
  if (bytes <= shared_memory_limit() / 4) for_each_block<threads>(blocks, bytes, NearestInTrees<T, true>{all, !leaves_done});
  else for_each_block<threads>(blocks, 0, NearestInTrees<T, false>{all, !leaves_done});
}

void nearest(const NearestTask& task) {
  if (task.k <= 0) return;
  switch_type(task.forest.type, [&](auto t) { nearest_as<decltype(t)>(task); });
}

}  // namespace

void register_nearest(SearchTable& table) { table.nearest = nearest; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
