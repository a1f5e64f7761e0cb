// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/edge_map.hpp>

namespace halograph {

EdgeMap edge_map(RowSpacePtr from, RowSpacePtr to, const std::vector<std::int32_t>& to_row, Device device) {
  std::vector<std::int32_t> forward = to_row;
  std::vector<std::int32_t> back(std::size_t(to->local_rows()), std::int32_t(from->local_rows()));
  for (std::size_t r = 0; r < forward.size(); ++r) {
    if (forward[r] < 0) forward[r] = std::int32_t(to->local_rows());
    else back[std::size_t(forward[r])] = std::int32_t(r);
  }
  return {std::move(from), std::move(to), Index(back, device), Index(forward, device)};
}

EdgeMap reversed(const EdgeMap& map) { return {map.to, map.from, map.to_row, map.from_row}; }

}  // namespace halograph
