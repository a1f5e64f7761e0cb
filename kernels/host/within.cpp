// SPDX-License-Identifier: BSD-3-Clause
// All points near queries in a forest.
#include <kernels/host/leaf_scan.hpp>
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct Within {
  const WithinTask& task;
  Forest<T> forest;
  Rows<T> query;
  T distance;

  explicit Within(const WithinTask& t) : task(t), forest(t.forest), query(t.query), distance(T(t.distance)) {}

  void run(std::int64_t q) const {
    std::int32_t stack[64];
    const T* row = query[q];
    std::int32_t count = 0, *const place = task.place + q * task.room;
    int height = 0;
    stack[height++] = task.tree[q];
    while (height > 0) {
      const std::int32_t node = stack[--height];
      if (forest.distance_to_box(node, row) > distance) continue;
      const std::int32_t child = forest.child[node];
      if (child >= 0) {
        stack[height++] = child + 1;
        stack[height++] = child;
        continue;
      }
      scan_points<T, 1>(
          forest, node, 0, forest.count[node], &row, [&](int) { return distance; },
          [&](int, std::int64_t first, const T*, unsigned bits) {
            for (; bits; bits &= bits - 1, ++count)
              if (count < task.room) place[count] = std::int32_t(first + __builtin_ctz(bits));
          });
    }
    task.count[q] = count;
  }
};

void within(const WithinTask& task) {
  switch_type(task.forest.type, [&](auto t) {
    const Within<decltype(t)> search(task);
    constexpr std::int64_t tile = 64;
    const std::int64_t n = task.query.rows;
    for_each_task((n + tile - 1) / tile, [&](std::int64_t i) {
      for (std::int64_t q = i * tile; q < n && q < (i + 1) * tile; ++q) search.run(q);
    });
  });
}

}  // namespace

void register_within(SearchTable& table) { table.within = within; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
