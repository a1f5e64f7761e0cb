// SPDX-License-Identifier: BSD-3-Clause
// The order of nodes inside a patch as its definition says, built the slow way.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace halograph::testing {

/// The nodes of patch `p` in row order: by the patch they face, that of their sources which is farthest from `p` in
/// number, the lower of two; among equals breadth first over the edges inside the patch, starts and ties by (number of
/// neighbours, id). `patch`: of all node ids; `edges`: (source id, target id).
std::vector<std::int64_t> naive_order(std::int32_t p, const std::map<std::int64_t, std::int32_t>& patch,
                                      const std::vector<std::pair<std::int64_t, std::int64_t>>& edges);

}  // namespace halograph::testing
