// SPDX-License-Identifier: BSD-3-Clause
// Makes the graph of a mesh's elements, its dual: two elements are joined, in both directions, if they share a side
// (a face of solids, an edge of polygons, an end of lines). A rank sees its slab, the sides that hash to it and the
// edges into its elements, no more.
#pragma once

#include <halograph/graph/mesh/mesh_slab.hpp>
#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// The graph of the elements of a mesh, numbered slab after slab in the order of the ranks, at the mean of their
/// corners. Each rank has the edges into its elements, sorted by (target, source); edge_id is the position in that
/// order over all ranks. Elements that share several sides are joined once; where more than two meet at a side, all of
/// them are joined. Elements that occur more than once count once, and a note says so; drop_repeated_elements() removes
/// them beforehand. Fields of the nodes stay behind. Throws UsageError on all ranks if the slabs do not fit together.
/// Collective: each side travels once, 40 bytes, to the rank that it hashes to, each edge, 16 bytes, from there to the
/// rank of its target, and the position of each corner once to each rank whose elements have it.
GraphSlab cell_graph(const Communicator& comm, const MeshSlab& mesh);

}  // namespace halograph
