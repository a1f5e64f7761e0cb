// SPDX-License-Identifier: BSD-3-Clause
// The points of this rank in k-d trees, one for each group that is searched by itself: what kernels/search.hpp walks.
// Nodes are split at the median of their widest side, so that leaves are full and trees as low as can be. Where a tree
// would not pay, it is a single leaf.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/core/dtype.hpp>
#include <kernels/search.hpp>

namespace halograph {

/// T: float or double.
template <class T>
class PointTrees {
 public:
  /// `points` [n, dims], finite; `group` [n] in 0..n_groups-1, or empty: all 0; `id` [n].
  PointTrees(std::span<const T> points, std::int64_t dims, std::span<const std::int32_t> group, std::int64_t n_groups,
             std::span<const std::int64_t> id);

  kernels::PointForest view() const;
  /// The tree of a group, -1 if it has no points here.
  std::int32_t root(std::int64_t group) const { return root_[std::size_t(group)]; }
  std::int64_t n_nodes() const { return std::int64_t(child_.size()); }
  std::int64_t n_groups() const { return std::int64_t(root_.size()); }

  /// The rows of the points by place, -1 where a leaf is filled up.
  const std::vector<std::int32_t>& row() const { return row_; }
  /// The leaves in the order of their places.
  const std::vector<std::int32_t>& leaves() const { return leaves_; }
  std::int64_t first(std::int32_t leaf) const { return first_[std::size_t(leaf)]; }
  std::int64_t count(std::int32_t leaf) const { return count_[std::size_t(leaf)]; }
  /// The group and the points of leaf i of this order.
  std::int32_t group_of_leaf(std::size_t i) const { return group_of_leaf_[i]; }
  std::int64_t points_of_leaf(std::size_t i) const { return points_of_leaf_[i]; }

  /// [2, dims] the least and the largest coordinates below a node.
  const T* box(std::int32_t node) const { return &box_[std::size_t(node) * 2 * std::size_t(dims_)]; }
  /// Nodes of a tree, at most `most`, that together have all its points; the highest there are.
  std::vector<std::int32_t> cover(std::int32_t root, std::size_t most) const;

 private:
  struct Keyed {
    T key;
    std::int32_t row;
  };
  void grow(std::int32_t root, std::span<Keyed> rows, std::int64_t most, std::int32_t group);
  void add_leaf(std::int32_t node, std::span<const Keyed> rows, std::int32_t group);
  std::int64_t bound(std::int32_t node, std::span<const Keyed> rows);
  std::int32_t add_nodes(int count);

  std::span<const T> points_;  // the caller's, while the trees are made
  std::span<const std::int64_t> given_id_;
  std::int64_t dims_;
  std::vector<std::int32_t> root_, child_, first_, count_, row_, leaves_, group_of_leaf_, points_of_leaf_;
  std::vector<T> box_, placed_;
  std::vector<std::int64_t> id_;
};

}  // namespace halograph
