// SPDX-License-Identifier: BSD-3-Clause
// Neighbour search among points: what the graph builders are made of. Points hang in a forest of k-d
// trees, one tree for each group that is searched by itself (the graphs of a batch); a tree of a single leaf is brute
// force. Searches are exact. The squared distance of two points is one chain from 0 over ascending columns c of
// fma(d, d, sum) with d = point[c] - query[c], in the type of the points, wherever and however it is computed. Boxes
// are bounded by the same operations on their sides; each of them is monotone, rounding included, so a point is never
// nearer than its box.
#pragma once

#include <cstdint>

#include <kernels/kernels.hpp>

namespace halograph::kernels {

/// Points by places: the leaves one after the other, each filled up to a multiple of 16 places with points of NaN,
/// which are near nothing.
struct PointForest {
  static constexpr std::int64_t lanes = 16;
  DType type = DType::f32;
  std::int64_t dims = 0;
  const void* box = nullptr;            ///< [nodes, 2, dims] the least and the largest coordinates below a node
  const std::int32_t* child = nullptr;  ///< [nodes] the first of two children, one after the other; -1: a leaf
  const std::int32_t* first = nullptr;  ///< [nodes] first place of a leaf
  const std::int32_t* count = nullptr;  ///< [nodes] places of a leaf
  const void* points = nullptr;         ///< of each leaf [dims, count], at element first * dims
  const std::int64_t* id = nullptr;     ///< [places] global number of each point
};

/// The k nearest points of each query, by (distance, id).
struct NearestTask {
  PointForest forest;
  In query;                              ///< [queries, dims]
  const std::int32_t* tree = nullptr;    ///< [queries] the root to search; -1: nothing is found
  const std::int64_t* except = nullptr;  ///< [queries] a point that does not count; null: none
  /// Only points before (distance, id) are looked for: [queries, 1] and [queries]; null: all.
  In within;
  const std::int64_t* within_id = nullptr;
  std::int64_t k = 0;
  Out distance;                   ///< [queries, k] squared, ascending, infinite behind the last
  std::int32_t* place = nullptr;  ///< [queries, k] -1 behind the last
};

/// All points at most a distance from each query, in the order of the tree. They count points that have no room too:
/// with more room all of them are found.
struct WithinTask {
  PointForest forest;
  In query;                            ///< [queries, dims]
  const std::int32_t* tree = nullptr;  ///< [queries] the root to search
  double distance = 0;                 ///< squared
  std::int64_t room = 0;
  std::int32_t* count = nullptr;  ///< [queries]
  std::int32_t* place = nullptr;  ///< [queries, room]
};

/// What a task points to is memory of the device. Device::guarded() stands for the host here: these kernels never see
/// the memory of tensors.
struct SearchTable {
  Kernel<void(const NearestTask&)> nearest{"nearest"};
  Kernel<void(const WithinTask&)> within{"within"};
};

const SearchTable& search_table(Device device);

}  // namespace halograph::kernels
