// SPDX-License-Identifier: BSD-3-Clause
#include "graph/setup/row_order.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace halograph {
namespace {

/// The different neighbours of each row inside its patch.
class Neighbours {
 public:
  Neighbours(std::int64_t n, std::span<const std::int32_t> source, std::span<const std::int32_t> target)
      : begin_(std::size_t(n) + 2, 0), count_(std::size_t(n)) {
    for_each_end(source, target, [&](std::int32_t row, std::int32_t) { ++begin_[std::size_t(row) + 2]; });
    // begin_[row + 1] is where the row begins until its neighbours are in, and where it ends after that.
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    neighbour_.resize(std::size_t(begin_.back()));
    for_each_end(source, target, [&](std::int32_t row, std::int32_t other) {
      neighbour_[std::size_t(begin_[std::size_t(row) + 1]++)] = other;
    });
    for (std::size_t row = 0; row < count_.size(); ++row) {
      const auto first = neighbour_.begin() + begin_[row], last = neighbour_.begin() + begin_[row + 1];
      std::sort(first, last);
      count_[row] = std::int32_t(std::unique(first, last) - first);
    }
  }

  std::span<const std::int32_t> of(std::int32_t row) const {
    return std::span(neighbour_).subspan(std::size_t(begin_[std::size_t(row)]), std::size_t(count_[std::size_t(row)]));
  }
  bool before(std::int32_t a, std::int32_t b) const {
    return std::pair(count_[std::size_t(a)], a) < std::pair(count_[std::size_t(b)], b);
  }

 private:
  template <class Take>
  static void for_each_end(std::span<const std::int32_t> source, std::span<const std::int32_t> target, Take&& take) {
    for (std::size_t e = 0; e < source.size(); ++e) {
      if (source[e] < 0 || source[e] == target[e]) continue;
      take(source[e], target[e]);
      take(target[e], source[e]);
    }
  }

  std::vector<std::int64_t> begin_;
  std::vector<std::int32_t> count_, neighbour_;
};

}  // namespace

std::vector<std::int32_t> order_of_rows(std::span<const std::int64_t> offset, std::span<const std::int32_t> facing,
                                        std::span<const std::int32_t> source, std::span<const std::int32_t> target) {
  const std::int64_t n = offset.back();
  const Neighbours neighbours(n, source, target);
  const auto before = [&neighbours](std::int32_t a, std::int32_t b) { return neighbours.before(a, b); };
  std::vector<std::int32_t> starts(static_cast<std::size_t>(n)), order;
  std::iota(starts.begin(), starts.end(), 0);
  order.reserve(starts.size());
  std::vector<char> reached(starts.size(), 0);
  const auto reach = [&](std::int32_t row) {
    if (!std::exchange(reached[std::size_t(row)], 1)) order.push_back(row);
  };
  for (std::size_t p = 0; p + 1 < offset.size(); ++p) {
    const auto first = starts.begin() + offset[p], last = starts.begin() + offset[p + 1];
    std::sort(first, last, before);
    std::size_t next = order.size();
    for (auto start = first; start != last; ++start) {
      reach(*start);
      for (; next < order.size(); ++next) {
        const std::ptrdiff_t end = std::ptrdiff_t(order.size());
        for (const std::int32_t row : neighbours.of(order[next])) reach(row);
        std::sort(order.begin() + end, order.end(), before);
      }
    }
    std::stable_sort(order.begin() + offset[p], order.end(), [facing](std::int32_t a, std::int32_t b) {
      return facing[std::size_t(a)] < facing[std::size_t(b)];
    });
  }
  std::vector<std::int32_t> row(order.size());
  for (std::size_t r = 0; r < order.size(); ++r) row[std::size_t(order[r])] = std::int32_t(r);
  return row;
}

}  // namespace halograph
