// SPDX-License-Identifier: BSD-3-Clause
// The k nearest points of queries in a forest, on a device, by two kernels: one for trees that are a single leaf, one
// for the others. Which is which only the device knows; each kernel leaves the other's queries alone.
#include <kernels/device/nearest_leaves.hpp>
#include <kernels/device/nearest_trees.hpp>
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

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
  if (bytes <= shared_memory_limit() / 4)
    for_each_block<threads>(blocks, bytes, NearestInTrees<T, true>{all, !leaves_done});
  else for_each_block<threads>(blocks, 0, NearestInTrees<T, false>{all, !leaves_done});
}

void nearest(const NearestTask& task) {
  if (task.k <= 0) return;
  switch_type(task.forest.type, [&](auto t) { nearest_as<decltype(t)>(task); });
}

}  // namespace

void register_nearest(SearchTable& table) { table.nearest = nearest; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
