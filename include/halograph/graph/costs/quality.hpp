// SPDX-License-Identifier: BSD-3-Clause
// Predicts the cost of a partition on R ranks without running on R ranks. Patches are dealt to ranks as distribute()
// deals them (assign_patches). Then cut edges and halo rows are counted through a directory of nodes that is spread
// over the ranks at hand. No rank gathers the graph.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/core/dtype.hpp>
#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

struct PartitionQuality {
  int ranks = 0;
  int idle_ranks = 0;  ///< that own no node
  std::int64_t nodes = 0;
  std::int64_t edges = 0;  ///< as given: directed, duplicates and self-loops counted
  std::int64_t patches = 0;
  std::int64_t empty_patches = 0;
  std::int64_t min_patch = 0;  ///< nodes of the smallest patch, empty ones included
  std::int64_t max_patch = 0;
  double mean_patch = 0;
  std::int64_t cut_edges = 0;      ///< between different ranks
  std::int64_t halo_rows = 0;      ///< pairs (rank, source node of another rank), over all ranks
  std::int64_t max_halo_rows = 0;  ///< of one rank
  int max_neighbours = 0;          ///< ranks that one rank exchanges rows with, in either direction
  double mean_neighbours = 0;
  double imbalance = 0;  ///< weight of the heaviest rank / mean over all ranks; 0 without nodes

  /// Bytes that all ranks together send in one halo exchange.
  std::int64_t bytes_per_exchange(std::int64_t channels, DType dtype) const {
    return halo_rows * channels * std::int64_t(size_of(dtype));
  }
};

/// Quality of `patch` ([n], one a node of the slab) for a run on `ranks` ranks, which need not be
/// those of `comm`. Edges to nodes that no slab holds are a UsageError on all ranks. Collective.
PartitionQuality partition_quality(const Communicator& comm, const GraphSlab& slab,
                                   const std::vector<std::int32_t>& patch, int ranks);

}  // namespace halograph
