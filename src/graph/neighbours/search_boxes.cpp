// SPDX-License-Identifier: BSD-3-Clause
#include "graph/neighbours/search_boxes.hpp"

#include <algorithm>

namespace halograph {
namespace {

/// What a rank says of its part of a group; its boxes follow those of the parts before.
struct Announced {
  std::int32_t group, rank, boxes;
};

/// More boxes are asked less often and take longer to send; in many dimensions they are all near each other.
std::size_t most_boxes(std::int64_t dims) { return dims <= 8 ? 16 : 1; }

}  // namespace

template <class T>
SearchBoxes<T>::SearchBoxes(const Communicator& comm, const PointTrees<T>& trees, std::int64_t dims,
                            std::span<const std::int64_t> sizes) {
  if (comm.size() == 1) return;
  std::vector<std::int64_t> here(sizes.size(), 0);
  for (std::size_t i = 0; i < trees.leaves().size(); ++i)
    here[std::size_t(trees.group_of_leaf(i))] += trees.points_of_leaf(i);
  std::vector<Announced> mine;
  std::vector<T> corners;
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    if (here[g] == 0 || here[g] == sizes[g]) continue;
    const std::int32_t root = trees.root(std::int64_t(g));
    std::vector<std::int32_t> nodes{root};
    const std::vector<std::int32_t> parts = trees.cover(root, most_boxes(dims));
    nodes.insert(nodes.end(), parts.begin(), parts.end());
    for (const std::int32_t node : nodes) corners.insert(corners.end(), trees.box(node), trees.box(node) + 2 * dims);
    mine.push_back({std::int32_t(g), comm.rank(), std::int32_t(nodes.size())});
  }
  const std::vector<Announced> all = comm.all_gather_v(std::span<const Announced>(mine));
  values_ = comm.all_gather_v(std::span<const T>(corners));
  if (all.empty()) return;

  struct Listed {
    std::int32_t group;
    Boxes boxes;
  };
  std::vector<Listed> listed;
  std::size_t at = 0;
  for (const Announced& part : all) {
    const std::size_t box = 2 * std::size_t(dims), length = std::size_t(part.boxes) * box;
    const std::span<const T> values = std::span<const T>(values_).subspan(at, length);
    if (part.rank != comm.rank()) listed.push_back({part.group, {part.rank, values.first(box), values.subspan(box)}});
    at += length;
  }
  std::stable_sort(listed.begin(), listed.end(), [](const Listed& a, const Listed& b) { return a.group < b.group; });
  offset_.assign(sizes.size() + 1, 0);
  for (const Listed& entry : listed) {
    ++offset_[std::size_t(entry.group) + 1];
    boxes_.push_back(entry.boxes);
  }
  for (std::size_t g = 0; g < sizes.size(); ++g) offset_[g + 1] += offset_[g];
}

template class SearchBoxes<float>;
template class SearchBoxes<double>;

}  // namespace halograph
