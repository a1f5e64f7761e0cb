// SPDX-License-Identifier: BSD-3-Clause
// The order of node rows inside patches. Rows that need the same other patch stand together, those of
// lower patches first, then those that need none, then those of higher patches: whatever run of patches
// a rank owns, the rows that wait for other ranks are the ends of its patches, and what goes into one
// message lies side by side. Among them neighbours get rows close to one another whatever their ids
// are, so that what an edge reads is in cache. The order decides the order of sums, so it follows from a
// patch's own nodes and their in-edges alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halograph {

/// The new row of each row, [n], patch by patch: by `facing`, a patch number for each row; among equals Cuthill and
/// McKee's breadth-first order over the edges inside the patch, directions, loops and repetitions left aside. The
/// search starts, and goes on where one row reaches several, in the order of (number of neighbours, old row); a patch
/// in several parts starts anew for each. `offset`: [n_patches + 1] old rows of the patches; `source` is -1 where it
/// lies outside the target's patch. Takes four bytes an edge end while it runs.
std::vector<std::int32_t> order_of_rows(std::span<const std::int64_t> offset, std::span<const std::int32_t> facing,
                                        std::span<const std::int32_t> source, std::span<const std::int32_t> target);

}  // namespace halograph
