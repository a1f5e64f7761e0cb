// SPDX-License-Identifier: BSD-3-Clause
// Deals patches to ranks: contiguous runs of patches, balanced by weight. The patches belong to the graph, the runs
// to one launch; nothing that is computed depends on the runs. These are plain functions of their arguments; nothing
// communicates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halograph {

/// `ranks` + 1 offsets: rank r owns patches [offset[r], offset[r + 1]). The heaviest run is as light
/// as contiguous runs allow; within that, each run comes as near to an even share of what is left as
/// it can. Every rank gets a patch where there are enough; with more ranks than patches the last ranks
/// are idle. Patches that all weigh 0 count alike. Throws UsageError for ranks < 1 and negative weights.
std::vector<std::int64_t> assign_patches(std::span<const std::int64_t> patch_weight, int ranks);

}  // namespace halograph
