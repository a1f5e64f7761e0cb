// SPDX-License-Identifier: BSD-3-Clause
// What a network is trained on: a distributed graph with the features of its edges, frames of normalised
// fields, and the statistics that they were normalised by. A Case owns all of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/data/normalise.hpp>
#include <halograph/graph/distribute.hpp>
#include <halograph/train/config.hpp>

namespace halograph::train {

struct FieldStatistics {
  std::string field;
  data::Statistics values;  ///< of each channel, over all nodes and frames
};

struct Case {
  DistributedGraph distributed;
  Tensor edges;                             ///< [n_edges, edge_in]
  std::vector<Tensor> input, target;        ///< a frame each; target[k] belongs to input[k]
  std::vector<FieldStatistics> statistics;  ///< empty unless normalised
  std::int64_t node_in = 0, edge_in = 0, node_out = 0;
  /// Sums over the ids, patches, positions, edges and fields that decide the results, the same for any number of ranks.
  std::string fingerprint;

  const Graph& graph() const { return distributed.graph; }
};

struct CaseOptions {
  std::vector<FieldStatistics> statistics;  ///< normalise by these instead of the fields' own
  bool need_target = true;                  ///< otherwise inputs without a target are kept
};

/// Distributes a partitioned slab and prepares its fields as configured. Edges have the features of the slab, or, where
/// it has none, those of data::edge_features. Throws UsageError on all ranks for fields that are missing, not finite, or
/// of too few frames. Collective.
Case make_case(const Communicator& comm, const Config& config, GraphSlab&& slab, const CaseOptions& options = {});

/// Statistics of fields side by side, in the order of `names`.
data::Statistics joined(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names);

}  // namespace halograph::train
