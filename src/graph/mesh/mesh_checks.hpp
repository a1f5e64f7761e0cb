// SPDX-License-Identifier: BSD-3-Clause
// What everything that is made from the slabs of a mesh asks of them first.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/mesh/mesh_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// First node of each rank's slab and, at the end, the number of nodes. Throws UsageError on all ranks if a slab is
/// broken or they do not follow one another. Collective.
std::vector<std::int64_t> agree_on_slabs(const Communicator& comm, const MeshSlab& mesh);

/// The rank whose slab holds `row`, with the first row of each slab as above.
int slab_owner(const std::vector<std::int64_t>& begin, std::int64_t row);

}  // namespace halograph
