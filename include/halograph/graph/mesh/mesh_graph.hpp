// SPDX-License-Identifier: BSD-3-Clause
// Makes the graph of a mesh's nodes: two nodes are joined, in both directions, if an edge of some element joins
// them. Elements on different ranks share edges; an edge goes to the rank that has its target's slab, which drops
// the copies. A rank sees its slab and the edges into it, no more.
#pragma once

#include <halograph/graph/mesh/mesh_slab.hpp>
#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// The node graph of a mesh whose slabs the ranks pass, in the order of their nodes. Nodes, positions and fields
/// stay where they are and the mesh's memory is reused; elements become the cells. Each rank has the edges into its
/// nodes, sorted by (target, source); edge_id is the position in that order over all ranks, hence the same for any
/// number of ranks. An element that names a node twice makes no loop; elements that occur
/// more than once count once, at the cost of drop_repeated_elements(), and a note says so. Wrapped elements of a
/// periodic mesh make edges but no cells: drawn, they would span the domain. Throws UsageError on all ranks if the
/// slabs do not fit together. Collective.
GraphSlab mesh_graph(const Communicator& comm, MeshSlab&& mesh);

}  // namespace halograph
