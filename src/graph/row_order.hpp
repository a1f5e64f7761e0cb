// SPDX-License-Identifier: BSD-3-Clause
// The order of node rows inside patches: neighbours get rows close to one another whatever their ids
// are, so that what an edge reads is in cache. The order decides the order of sums, so it follows from
// a patch's own nodes and edges alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halograph {

/// The new row of each row, [n], patch by patch: Cuthill and McKee's breadth-first order over the edges
/// inside the patch, directions, loops and repetitions left aside. Starts and ties go by the number of
/// neighbours, then by the old row; a patch in several parts starts anew for each. `offset`:
/// [n_patches + 1] old rows of the patches; `source` is -1 where it lies outside the target's patch.
/// Takes four bytes an edge end while it runs.
std::vector<std::int32_t> neighbour_order(std::span<const std::int64_t> offset, std::span<const std::int32_t> source,
                                          std::span<const std::int32_t> target);

}  // namespace halograph
