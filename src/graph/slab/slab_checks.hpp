// SPDX-License-Identifier: BSD-3-Clause
// What every user of a slab may assume after one agreement of all ranks.
#pragma once

#include <cstdint>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

struct SlabFacts {
  std::int64_t n_nodes = 0;  ///< over all ranks
  std::int64_t max_id = -1;  ///< over all ranks; -1 without nodes
  int dimension = 0;         ///< of all ranks that hold nodes
  bool weighted = false;
};

/// Checks lengths, ids >= 0 and weights (0 .. 2^31 - 1, on all ranks or on none). Errors begin with
/// `caller`. Collective.
SlabFacts check_slab(const Communicator& comm, const GraphSlab& slab, const char* caller);

/// `patches`, or default_patches for 0. Throws UsageError outside 1 .. 2^31 - 1. Not collective.
std::int64_t checked_patches(std::int64_t patches, std::int64_t n_nodes, const char* caller);

}  // namespace halograph
