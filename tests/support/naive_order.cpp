// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/naive_order.hpp"

#include <map>
#include <set>

namespace halograph::testing {

std::vector<std::int64_t> naive_order(const std::vector<std::int64_t>& patch_nodes,
                                      const std::vector<std::pair<std::int64_t, std::int64_t>>& edges) {
  std::map<std::int64_t, std::set<std::int64_t>> neighbours;
  for (const std::int64_t id : patch_nodes) neighbours[id];
  for (const auto& [a, b] : edges)
    if (a != b && neighbours.count(a) && neighbours.count(b)) {
      neighbours[a].insert(b);
      neighbours[b].insert(a);
    }
  using Key = std::pair<std::size_t, std::int64_t>;  // (number of neighbours, id)
  const auto key = [&](std::int64_t id) { return Key(neighbours.at(id).size(), id); };
  std::set<Key> left;
  for (const std::int64_t id : patch_nodes) left.insert(key(id));
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
  return order;
}

}  // namespace halograph::testing
