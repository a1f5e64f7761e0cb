// SPDX-License-Identifier: BSD-3-Clause
// Removes elements that a mesh lists more than once, as files of Gmsh's version 2 do with those of several physical
// groups.
#pragma once

#include <cstdint>

#include <halograph/graph/mesh/mesh_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Removes the elements whose set of nodes an earlier element has too, in whatever order and on whatever rank: earlier
/// in the order of the slabs, rank after rank. Returns how many elements occur more than once, over all ranks.
/// mesh_graph and cell_graph begin with it. Throws UsageError on all ranks if the slabs do not fit together.
/// Collective: 8 bytes an element travel to the rank that its nodes hash to. Only the elements that share a hash send
/// their nodes too, 72 bytes.
std::int64_t drop_repeated_elements(const Communicator& comm, MeshSlab& mesh);

}  // namespace halograph
