// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/naive_order.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace halograph::testing {

std::vector<std::int64_t> naive_order(std::int32_t p, const std::map<std::int64_t, std::int32_t>& patch,
                                      const std::vector<std::pair<std::int64_t, std::int64_t>>& edges) {
  std::map<std::int64_t, std::set<std::int64_t>> neighbours;
  std::map<std::int64_t, std::int32_t> facing;
  for (const auto& [id, its_patch] : patch)
    if (its_patch == p) neighbours[id], facing[id] = p;
  for (const auto& [source, target] : edges) {
    if (patch.at(target) != p) continue;
    std::int32_t& faced = facing.at(target);
    const std::int32_t other = patch.at(source), farther = std::abs(other - p) - std::abs(faced - p);
    if (farther > 0 || (farther == 0 && other < faced)) faced = other;
    if (other != p || source == target) continue;
    neighbours[source].insert(target);
    neighbours[target].insert(source);
  }
  using Key = std::pair<std::size_t, std::int64_t>;  // (number of neighbours, id)
  const auto key = [&](std::int64_t id) { return Key(neighbours.at(id).size(), id); };
  std::set<Key> left;
  for (const auto& [id, its_neighbours] : neighbours) left.insert(key(id));
  std::vector<std::int64_t> order;
  const auto take = [&](const Key& node) {
    left.erase(node);
    order.push_back(node.second);
  };
  for (std::size_t next = 0; !left.empty();) {
    if (next == order.size()) take(Key(*left.begin()));
    std::set<Key> found;
    for (const std::int64_t id : neighbours.at(order[next++]))
      if (left.count(key(id))) found.insert(key(id));
    for (const Key& node : found) take(node);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return facing.at(a) < facing.at(b); });
  return order;
}

}  // namespace halograph::testing
