// SPDX-License-Identifier: BSD-3-Clause
// Searches of kernels/search.hpp wherever they are fastest: where the points' tensor is on a device, trees, queries and
// results travel, and its kernels search; otherwise the host's search in place. The results are the same.
#pragma once

#include <cstdint>
#include <deque>

#include <halograph/core/device.hpp>
#include <kernels/search.hpp>

#include "graph/neighbours/point_trees.hpp"

namespace halograph {

/// The forest travels once, for all searches.
class DeviceSearch {
 public:
  /// The trees stay the caller's and have to outlive this.
  template <class T>
  DeviceSearch(const PointTrees<T>& trees, Device device)
      : DeviceSearch(trees.view(), trees.n_nodes(), std::int64_t(trees.row().size()), device) {}

  /// Tasks are in host memory, all but the forest. Their results are there when these return; the places of within()
  /// only if all of them have room.
  void nearest(const kernels::NearestTask& task) const;
  void within(const kernels::WithinTask& task) const;

  /// How many queries to hand to within() at a time: enough to keep a device busy, as long as their places are few.
  std::int64_t queries_at_once(std::int64_t room) const;

 private:
  DeviceSearch(const kernels::PointForest& forest, std::int64_t nodes, std::int64_t places, Device device);

  Device device_;
  bool on_host_;
  std::deque<Buffer> memory_;
  kernels::PointForest forest_;
};

}  // namespace halograph
