// SPDX-License-Identifier: BSD-3-Clause
// Which elements a mesh lists more than once.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/mesh/mesh_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

struct RepeatedElements {
  std::vector<std::int32_t> copies;  ///< of the slab's elements, ascending: those that an earlier element equals
  std::int64_t repeated = 0;         ///< elements that occur more than once, over all ranks
};

/// The slabs must have been checked (agree_on_slabs). Collective.
RepeatedElements find_repeated_elements(const Communicator& comm, const MeshSlab& mesh);

/// Removes elements at positions that ascend.
void remove_elements(MeshSlab& mesh, const std::vector<std::int32_t>& positions);

/// Says on rank 0 that the mesh had such elements, if there were any.
void note_repeated_elements(const Communicator& comm, const MeshSlab& mesh, std::int64_t repeated);

}  // namespace halograph
