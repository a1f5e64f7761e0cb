// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/patch_runs.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

// first[k]: the lowest patch from which k runs of at most `limit` reach the end.
std::vector<std::int64_t> earliest_starts(std::span<const std::int64_t> before, std::int64_t runs, std::int64_t limit) {
  std::int64_t at = std::int64_t(before.size()) - 1;
  std::vector<std::int64_t> first{at};
  for (std::int64_t k = 0; k < runs; ++k) {
    while (at > 0 && before[std::size_t(first.back())] - before[std::size_t(at - 1)] <= limit) --at;
    first.push_back(at);
  }
  return first;
}

std::int64_t lightest_limit(std::span<const std::int64_t> before, std::int64_t runs) {
  std::int64_t low = (before.back() - 1) / runs, high = before.back();  // low is too little
  while (low + 1 < high) {
    const std::int64_t middle = low + (high - low) / 2;
    (earliest_starts(before, runs, middle).back() == 0 ? high : low) = middle;
  }
  return high;
}

}  // namespace

std::vector<std::int64_t> assign_patches(std::span<const std::int64_t> patch_weight, int ranks) {
  require(ranks >= 1, "assign_patches: ", ranks, " ranks, at least 1 is needed");
  const std::int64_t patches = std::int64_t(patch_weight.size());
  std::vector<std::int64_t> before{0};
  for (std::int64_t weight : patch_weight) {
    require(weight >= 0, "assign_patches: patch ", before.size() - 1, " weighs ", weight, ", less than 0");
    require(weight <= std::numeric_limits<std::int64_t>::max() - before.back(),
            "assign_patches: the weights sum to more than 2^63 - 1");
    before.push_back(before.back() + weight);
  }
  if (before.back() == 0) std::iota(before.begin(), before.end(), 0);

  const std::int64_t runs = std::min<std::int64_t>(ranks, patches);
  std::vector<std::int64_t> offset(std::size_t(ranks) + 1, patches);
  offset[0] = 0;
  if (runs == 0) return offset;
  const std::int64_t total = before.back(), limit = lightest_limit(before, runs);
  const std::vector<std::int64_t> first = earliest_starts(before, runs, limit);
  for (std::int64_t run = 0; run + 1 < runs; ++run) {
    const std::int64_t start = offset[std::size_t(run)], later = runs - run - 1;
    const std::int64_t share = before[std::size_t(start)] + (total - before[std::size_t(start)]) / (later + 1);
    const auto low = before.begin() + std::max(start + 1, first[std::size_t(later)]);
    const auto full = std::upper_bound(before.begin(), before.end(), before[std::size_t(start)] + limit) - 1;
    const auto high = std::min(before.end() - 1 - later, full);
    auto end = std::lower_bound(low, high, share);
    if (end > low && share - end[-1] <= end[0] - share) --end;
    offset[std::size_t(run + 1)] = end - before.begin();
  }
  return offset;
}

}  // namespace halograph
