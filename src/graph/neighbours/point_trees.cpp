// SPDX-License-Identifier: BSD-3-Clause
#include "graph/neighbours/point_trees.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace halograph {
namespace {

/// Where trees pay, by measurement: see docs/performance.md.
constexpr std::int64_t most_tree_dims = 8, least_tree_points = 256, leaf_points = 32;

/// The rows of each group one after the other, and where each group begins.
struct Grouped {
  std::vector<std::int32_t> row;
  std::vector<std::int64_t> offset;
};

Grouped by_group(std::int64_t n, std::span<const std::int32_t> group, std::int64_t n_groups) {
  Grouped result{std::vector<std::int32_t>(std::size_t(n)), std::vector<std::int64_t>(std::size_t(n_groups) + 1, 0)};
  if (group.empty()) {
    std::iota(result.row.begin(), result.row.end(), 0);
    result.offset.back() = n;
    return result;
  }
  for (const std::int32_t g : group) ++result.offset[std::size_t(g) + 1];
  std::partial_sum(result.offset.begin(), result.offset.end(), result.offset.begin());
  std::vector<std::int64_t> next(result.offset.begin(), result.offset.end() - 1);
  for (std::int64_t i = 0; i < n; ++i)
    result.row[std::size_t(next[std::size_t(group[std::size_t(i)])]++)] = std::int32_t(i);
  return result;
}

}  // namespace

template <class T>
PointTrees<T>::PointTrees(std::span<const T> points, std::int64_t dims, std::span<const std::int32_t> group,
                          std::int64_t n_groups, std::span<const std::int64_t> id)
    : points_(points), given_id_(id), dims_(dims), root_(std::size_t(n_groups), -1) {
  const std::int64_t n = std::int64_t(id.size());
  const Grouped grouped = by_group(n, group, n_groups);
  placed_.reserve(std::size_t((n + n / 8) * dims));
  std::vector<Keyed> rows;
  for (std::int64_t g = 0; g < n_groups; ++g) {
    const std::int64_t begin = grouped.offset[std::size_t(g)], end = grouped.offset[std::size_t(g) + 1];
    if (begin == end) continue;
    rows.clear();
    for (std::int64_t i = begin; i < end; ++i) rows.push_back({T(0), grouped.row[std::size_t(i)]});
    const bool tree = dims <= most_tree_dims && end - begin >= least_tree_points;
    root_[std::size_t(g)] = add_nodes(1);
    grow(root_[std::size_t(g)], rows, tree ? leaf_points : end - begin, std::int32_t(g));
  }
  points_ = {};
  given_id_ = {};
}

template <class T>
kernels::PointForest PointTrees<T>::view() const {
  kernels::PointForest forest;
  forest.type = sizeof(T) == 4 ? DType::f32 : DType::f64;
  forest.dims = dims_;
  forest.box = box_.data();
  forest.child = child_.data();
  forest.first = first_.data();
  forest.count = count_.data();
  forest.points = placed_.data();
  forest.id = id_.data();
  return forest;
}

template <class T>
std::int32_t PointTrees<T>::add_nodes(int count) {
  const std::size_t node = child_.size(), nodes = node + std::size_t(count);
  child_.resize(nodes, -1);
  first_.resize(nodes, 0);
  count_.resize(nodes, 0);
  box_.resize(nodes * 2 * std::size_t(dims_));
  return std::int32_t(node);
}

/// Sets the box of a node; returns its widest side.
template <class T>
std::int64_t PointTrees<T>::bound(std::int32_t node, std::span<const Keyed> rows) {
  T* const least = &box_[std::size_t(node) * 2 * std::size_t(dims_)];
  T* const largest = least + dims_;
  std::fill(least, largest, std::numeric_limits<T>::infinity());
  std::fill(largest, largest + dims_, -std::numeric_limits<T>::infinity());
  for (const Keyed& keyed : rows) {
    const T* x = &points_[std::size_t(keyed.row) * std::size_t(dims_)];
    for (std::int64_t c = 0; c < dims_; ++c) {
      least[c] = std::min(least[c], x[c]);
      largest[c] = std::max(largest[c], x[c]);
    }
  }
  std::int64_t widest = 0;
  for (std::int64_t c = 1; c < dims_; ++c)
    if (largest[c] - least[c] > largest[widest] - least[widest]) widest = c;
  return widest;
}

template <class T>
void PointTrees<T>::grow(std::int32_t root, std::span<Keyed> all, std::int64_t most, std::int32_t group) {
  struct Part {
    std::int32_t node;
    std::span<Keyed> rows;
  };
  std::vector<Part> waiting{{root, all}};
  while (!waiting.empty()) {
    const auto [node, rows] = waiting.back();
    waiting.pop_back();
    const std::int64_t axis = bound(node, rows), n = std::int64_t(rows.size());
    if (n <= most) {
      add_leaf(node, rows, group);
      continue;
    }
    // Whole leaves to the left, half of them.
    const std::int64_t leaves = (n + most - 1) / most, left = (leaves + 1) / 2 * most;
    for (Keyed& keyed : rows) keyed.key = points_[std::size_t(keyed.row * dims_ + axis)];
    std::nth_element(rows.begin(), rows.begin() + left, rows.end(),
                     [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
    const std::int32_t child = add_nodes(2);
    child_[std::size_t(node)] = child;
    waiting.push_back({child + 1, rows.subspan(std::size_t(left))});
    waiting.push_back({child, rows.first(std::size_t(left))});
  }
}

template <class T>
void PointTrees<T>::add_leaf(std::int32_t node, std::span<const Keyed> rows, std::int32_t group) {
  constexpr std::int64_t lanes = kernels::PointForest::lanes;
  const std::int64_t n = std::int64_t(rows.size()), places = (n + lanes - 1) / lanes * lanes;
  first_[std::size_t(node)] = std::int32_t(row_.size());
  count_[std::size_t(node)] = std::int32_t(places);
  leaves_.push_back(node);
  group_of_leaf_.push_back(group);
  points_of_leaf_.push_back(std::int32_t(n));
  const std::size_t start = placed_.size();
  placed_.resize(start + std::size_t(places * dims_), std::numeric_limits<T>::quiet_NaN());
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int32_t row = rows[std::size_t(i)].row;
    for (std::int64_t c = 0; c < dims_; ++c)
      placed_[start + std::size_t(c * places + i)] = points_[std::size_t(row) * std::size_t(dims_) + std::size_t(c)];
    row_.push_back(row);
    id_.push_back(given_id_[std::size_t(row)]);
  }
  row_.resize(row_.size() + std::size_t(places - n), -1);
  id_.resize(row_.size(), -1);
}

template <class T>
std::vector<std::int32_t> PointTrees<T>::cover(std::int32_t root, std::size_t most) const {
  std::vector<std::int32_t> nodes{root};
  for (bool deeper = true; deeper;) {
    std::vector<std::int32_t> next;
    deeper = false;
    for (const std::int32_t node : nodes) {
      const std::int32_t child = child_[std::size_t(node)];
      if (child < 0) next.push_back(node);
      else {
        next.insert(next.end(), {child, child + 1});
        deeper = true;
      }
    }
    if (next.size() > most) break;
    nodes = std::move(next);
  }
  return nodes;
}

template class PointTrees<float>;
template class PointTrees<double>;

}  // namespace halograph
