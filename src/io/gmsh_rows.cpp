// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_rows.hpp"

#include <algorithm>

namespace halograph::io {

void TagRows::add(std::int64_t tag) {
  // Tags are not negative, so the difference does not overflow.
  if (!runs_.empty() && tag - runs_.back().tag == runs_.back().count) ++runs_.back().count;
  else runs_.push_back({tag, size_, 1});
  ++size_;
}

std::int64_t TagRows::seal() {
  const auto by_tag = [](const Run& a, const Run& b) { return a.tag < b.tag; };
  if (!std::is_sorted(runs_.begin(), runs_.end(), by_tag)) std::sort(runs_.begin(), runs_.end(), by_tag);
  for (std::size_t i = 1; i < runs_.size(); ++i)
    if (runs_[i].tag - runs_[i - 1].tag < runs_[i - 1].count) return runs_[i].tag;
  return -1;
}

std::int64_t TagRows::find(std::int64_t tag) const {
  const auto row_in = [&](const Run& run) { return tag >= run.tag && tag - run.tag < run.count; };
  if (runs_.empty() || tag < runs_.front().tag) return -1;
  if (!row_in(runs_[last_])) {
    const auto after =
        std::upper_bound(runs_.begin(), runs_.end(), tag, [](std::int64_t t, const Run& run) { return t < run.tag; });
    last_ = std::size_t(after - runs_.begin()) - 1;
    if (!row_in(runs_[last_])) return -1;
  }
  return runs_[last_].row + (tag - runs_[last_].tag);
}

std::int64_t RowSet::seal() {
  before_.resize(words_.size());
  std::int64_t total = 0;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    before_[w] = total;
    total += std::popcount(words_[w]);
  }
  return total;
}

}  // namespace halograph::io
