// SPDX-License-Identifier: BSD-3-Clause
// Cuts a graph into patches. The patches are a property of the graph: they depend on its ids, positions, edges and
// weights and on the options here, never on the number of ranks or on which rank holds what. Every sum over nodes
// follows them, so they decide the bits of a run. Neighbouring patch numbers lie close together, so that the
// contiguous runs of patches that ranks own (patch_runs.hpp) are good partitions for any number of ranks.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// The patch of each node of the slab, [n]. A patch may be empty. Bad slabs are a UsageError on all
/// ranks. Collective.
using Partitioner = std::function<std::vector<std::int32_t>(const Communicator& comm, const GraphSlab& slab)>;

/// The smallest power of two with at most 1024 nodes a patch.
std::int64_t default_patches(std::int64_t n_nodes);

struct MetisOptions {
  std::int64_t patches = 0;  ///< 0: default_patches
  std::int32_t seed = 1;     ///< of METIS' own random numbers
  /// Bisections tried each time, of which the best is kept. One alone varies by ten percent and more with the seed.
  std::int32_t trials = 4;
  /// Edges, as given or both ways, that one rank may gather. METIS' own integers allow no more than the default.
  std::int64_t max_edges = std::numeric_limits<std::int32_t>::max();
};

/// METIS' multilevel recursive bisection, edges taken as undirected, nodes balanced by weight. Where that leaves
/// patches empty because single nodes weigh more than a patch should, each of these gets a patch alone, behind those of
/// the others. The graph is gathered on rank 0: about 100 bytes an edge there at the peak.
Partitioner metis(MetisOptions options = {});

struct CoordinateOptions {
  std::int64_t patches = 0;  ///< 0: default_patches
};

/// Recursive coordinate bisection: a box of nodes is cut across its longest extent (the lowest axis
/// of equal ones) in the order of (coordinate, id), so that the lower part gets floor(k/2) of its k
/// patches and floor(k/2)/k of its weight (rounded down), to the nearest node. Equal weights give patches
/// that differ by at most one node. Nothing is gathered; 8 bytes a node. Edges do not matter.
Partitioner coordinate_bisection(CoordinateOptions options = {});

/// The slab's own patches.
Partitioner given();

/// Fills slab.patch and slab.n_patches. Empty patches behind the last one with nodes do not count,
/// unless the patches are those that the slab had. Collective.
void partition(const Communicator& comm, GraphSlab& slab, const Partitioner& partitioner);

/// Patches of a partitioned slab that no node is in, over all ranks. Collective.
std::int64_t count_empty_patches(const Communicator& comm, const GraphSlab& slab);

}  // namespace halograph
