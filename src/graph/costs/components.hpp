// SPDX-License-Identifier: BSD-3-Clause
// Connected components of a graph that lies in slabs.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// The nodes that a slab speaks of, and its edges in terms of them.
struct LocalEnds {
  std::vector<std::int64_t> id;              ///< the slab's own nodes in its order, then the other ends of its edges
  std::vector<std::int32_t> source, target;  ///< [m] indices into `id`
};

/// Numbers the nodes of a checked slab and of its edges. A node id that occurs twice in the slab and a negative end of
/// an edge are UsageErrors on all ranks. Collective.
LocalEnds local_ends(const Communicator& comm, const GraphSlab& slab);

/// The lowest node id of the component of each of `ends.id`. Edges to nodes that no slab holds, and nodes that two
/// slabs hold, are UsageErrors on all ranks. Collective.
///
/// Each rank joins what its own edges join; what is left is a small graph of these pieces, linked by nodes that several
/// ranks know. In each round every piece that has a lower neighbour joins the lowest one, so that at most half of the
/// connected pieces remain.
std::vector<std::int64_t> component_labels(const Communicator& comm, const LocalEnds& ends, std::int64_t own_nodes);

}  // namespace halograph
