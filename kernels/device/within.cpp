// SPDX-License-Identifier: BSD-3-Clause
// All points near queries in a forest, on a device: a thread takes a query down its tree.
#include <kernels/device/leaf_points.hpp>
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

constexpr int within_threads = 128;

template <class T>
struct WithinOnBlocks {
  Forest<T> forest;
  Rows<T> query;
  std::int64_t queries, room;
  const std::int32_t* tree;
  std::int32_t *count, *place;
  T distance;

  HALOGRAPH_FN void search(std::int64_t q) const {
    using Points = LeafPoints<T>;
    std::int32_t stack[64];
    const T* row = query[q];
    std::int32_t* const to = place + q * room;
    std::int32_t found = 0;
    int height = 0;
    stack[height++] = tree[q];
    while (height > 0) {
      // To the next leaf first: threads that have found theirs wait, and scan together.
      std::int32_t leaf = -1;
      while (height > 0 && leaf < 0) {
        const std::int32_t node = stack[--height];
        if (forest.distance_to_box(node, row) > distance) continue;
        const std::int32_t child = forest.child[node];
        if (child < 0) {
          leaf = node;
        } else {
          stack[height++] = child + 1;
          stack[height++] = child;
        }
      }
      if (leaf < 0) break;
      const Points points(forest, leaf);
      for (int p = 0; p < points.count; p += Points::lanes) {
        T sum[1][Points::lanes];
        points.distances(p, forest.dims, sum, [&](int, int c) { return row[c]; });
        for (unsigned bits = at_most(distance, sum[0]); bits; bits &= bits - 1, ++found)
          if (found < room) to[found] = points.first + p + lowest_bit(bits);
      }
    }
    count[q] = found;
  }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t q = block.index() * Block::threads + thread;
      if (q < queries) search(q);
    });
  }
};

void within(const WithinTask& task) {
  switch_type(task.forest.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t n = task.query.rows;
    for_each_block<within_threads>((n + within_threads - 1) / within_threads, 0,
                                   WithinOnBlocks<T>{Forest<T>(task.forest), Rows<T>(task.query), n, task.room,
                                                     task.tree, task.count, task.place, T(task.distance)});
  });
}

}  // namespace

void register_within(SearchTable& table) { table.within = within; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
