// SPDX-License-Identifier: BSD-3-Clause
// What a network is trained on: a distributed graph with the features of its edges, frames of normalised
// fields, and what they were scaled by. A Case owns all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halograph/graph/setup/distribute.hpp>
#include <halograph/train/config.hpp>
#include <halograph/train/scaling.hpp>

namespace halograph::train {

struct Case {
  DistributedGraph distributed;
  Tensor edges;                          ///< [n_edges, edge_in]
  std::vector<Tensor> input, target;     ///< a frame each; target[k] belongs to input[k]
  Scaling scaling;                       ///< of these data, or the one that was asked for
  std::vector<data::Range> input_range;  ///< a frame each, in units of the data; where a scaling was asked for
  data::Range edge_range;                ///< of `edges`
  std::int64_t node_in = 0, edge_in = 0, node_out = 0;
  /// Sums over the ids, patches, positions, edges and fields that decide the results, the same for any number of ranks.
  std::string fingerprint;

  const Graph& graph() const { return distributed.graph; }
};

struct CaseOptions {
  std::optional<Scaling> scaling;  ///< of the training, for data that a trained network is to see
  bool need_target = true;         ///< otherwise inputs without a target are kept
  bool warnings = true;            ///< of data to train on that teach nothing
};

/// Distributes a partitioned slab and prepares its fields as configured. Edges have the features of the slab, or, where
/// it has none, those of data::edge_features. Throws UsageError on all ranks for fields that are missing, not finite,
/// or of too few frames, and for edges of another kind than those of the scaling that was asked for. Collective.
Case make_case(const Communicator& comm, const Config& config, GraphSlab&& slab, const CaseOptions& options = {});

}  // namespace halograph::train
