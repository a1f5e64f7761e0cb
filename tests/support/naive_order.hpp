// SPDX-License-Identifier: BSD-3-Clause
// The order of nodes inside a patch as its definition says, built the slow way.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace halograph::testing {

/// The nodes of a patch in row order: breadth first over the edges (pairs of node ids, those that leave the patch
/// included) between them, starts and ties by (number of neighbours, id).
std::vector<std::int64_t> naive_order(const std::vector<std::int64_t>& patch_nodes,
                                      const std::vector<std::pair<std::int64_t, std::int64_t>>& edges);

}  // namespace halograph::testing
