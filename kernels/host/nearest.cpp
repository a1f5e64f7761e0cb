// SPDX-License-Identifier: BSD-3-Clause
// The k nearest points of queries in a forest. A query keeps its best points so far in a heap, the worst of them on
// top, and goes down the tree, the nearer child first; a box is passed by only if it is farther than the worst, because
// at the same distance the number of a point decides. In a tree of one leaf four queries share each load of a point.
#include <kernels/best_points.hpp>
#include <kernels/host/leaf_scan.hpp>
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct Nearest {
  const NearestTask& task;
  Forest<T> forest;
  Rows<T> query;
  MutableRows<T> distance;

  explicit Nearest(const NearestTask& t) : task(t), forest(t.forest), query(t.query), distance(t.distance) {}

  BestPoints<T> best(std::int64_t q) const {
    return {distance[q], task.place + q * task.k,           int(task.k),
            forest.id,   task.except ? task.except[q] : -1, task.within_id ? task.within_id[q] : INT64_MAX};
  }

  template <int Q>
  void scan(std::int64_t leaf, std::int64_t begin, std::int64_t end, std::int64_t q) const {
    BestPoints<T> lists[Q];
    const T* rows[Q];
    for (int n = 0; n < Q; ++n) {
      lists[n] = best(q + n);
      rows[n] = query[q + n];
    }
    scan_points<T, Q>(
        forest, leaf, begin, end, rows, [&](int n) { return lists[n].worst(); },
        [&](int n, std::int64_t first, const T* d, unsigned bits) {
          for (; bits; bits &= bits - 1) {
            const int lane = __builtin_ctz(bits);
            lists[n].offer(d[lane], std::int32_t(first + lane));
          }
        });
  }

  void descend(std::int64_t root, std::int64_t q) const {
    struct Waiting {
      T distance;
      std::int32_t node;
    };
    Waiting stack[64];
    const T* row = query[q];
    int height = 0;
    stack[height++] = {forest.distance_to_box(root, row), std::int32_t(root)};
    while (height > 0) {
      const Waiting top = stack[--height];
      if (top.distance > distance[q][0]) continue;
      const std::int32_t child = forest.child[top.node];
      if (child < 0) {
        scan<1>(top.node, 0, forest.count[top.node], q);
        continue;
      }
      const T left = forest.distance_to_box(child, row), right = forest.distance_to_box(child + 1, row);
      const int nearer = right < left ? 1 : 0;
      stack[height++] = {nearer ? left : right, child + 1 - nearer};
      stack[height++] = {nearer ? right : left, child + nearer};
    }
  }

  /// Queries [begin, end) through one leaf, a stretch of points in cache at a time.
  void sweep(std::int64_t leaf, std::int64_t begin, std::int64_t end) const {
    constexpr std::int64_t cache = 128 * 1024, lanes = PointForest::lanes;
    const std::int64_t fit = cache / (forest.dims * std::int64_t(sizeof(T))) / lanes * lanes;
    const std::int64_t stretch = fit > lanes ? fit : lanes, count = forest.count[leaf];
    for (std::int64_t p = 0; p < count; p += stretch) {
      const std::int64_t stop = p + stretch < count ? p + stretch : count;
      std::int64_t q = begin;
      for (; q + 4 <= end; q += 4) scan<4>(leaf, p, stop, q);
      for (; q < end; ++q) scan<1>(leaf, p, stop, q);
    }
  }

  void run(std::int64_t begin, std::int64_t end) const {
    for (std::int64_t q = begin; q < end; ++q)
      best(q).clear(task.within.data ? Rows<T>(task.within)[q][0] : T(__builtin_inf()));
    for (std::int64_t q = begin; q < end;) {
      std::int64_t same = q + 1;
      while (same < end && task.tree[same] == task.tree[q]) ++same;
      const std::int32_t root = task.tree[q];
      if (root >= 0 && forest.child[root] < 0) sweep(root, q, same);
      else if (root >= 0)
        for (std::int64_t i = q; i < same; ++i) descend(root, i);
      q = same;
    }
    for (std::int64_t q = begin; q < end; ++q) best(q).sort();
  }
};

void nearest(const NearestTask& task) {
  if (task.k <= 0) return;
  switch_type(task.forest.type, [&](auto t) {
    const Nearest<decltype(t)> search(task);
    constexpr std::int64_t tile = 32;
    const std::int64_t n = task.query.rows;
    for_each_task((n + tile - 1) / tile,
                  [&](std::int64_t i) { search.run(i * tile, (i + 1) * tile < n ? (i + 1) * tile : n); });
  });
}

}  // namespace

void register_nearest(SearchTable& table) { table.nearest = nearest; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
