// SPDX-License-Identifier: BSD-3-Clause
// Maps old edge rows to new ones after a graph is rewired, so that edge features can be moved over (ops/carry.hpp).
// Rows stay on their rank, because target nodes do, so nothing is sent. Copies share the memory.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/dist/index.hpp>
#include <halograph/graph/dist/row_space.hpp>

namespace halograph {

/// From rows go to at most one new row each, and at most one comes to each.
struct EdgeMap {
  RowSpacePtr from, to;
  Index from_row;  ///< [rows of to] the row that becomes it; from->local_rows() where it is new
  Index to_row;    ///< [rows of from] what becomes of it; to->local_rows() where it is dropped
};

/// The map that takes row r of `from` to row to_row[r] of `to`, nowhere if that is -1. Not collective.
EdgeMap edge_map(RowSpacePtr from, RowSpacePtr to, const std::vector<std::int32_t>& to_row, Device device);

/// The same read from `to` to `from`.
EdgeMap reversed(const EdgeMap& map);

}  // namespace halograph
