// SPDX-License-Identifier: BSD-3-Clause
// How much memory a rank needs in training: what the tape keeps of one forward pass outweighs all else.
#pragma once

#include <algorithm>
#include <vector>

#include <halograph/graph/costs/quality.hpp>

namespace halograph::tool {

struct NetworkSize {
  const char* name;
  std::int64_t hidden;
  int mlp_hidden_layers, steps;
};

/// The two networks that docs/scaling.md measures.
inline std::vector<NetworkSize> example_networks() { return {{"small network", 8, 2, 4}, {"large network", 32, 5, 4}}; }

/// Bytes of the rank with the most work, f32. The tape keeps the edge state of each step, that of the encoder and its
/// gradient, and a few rows of each node a step; what an MLP has inside is computed again. Fitted to what
/// `halograph scale --set model.steps=...` measures: the slope over the steps, then what is left for no steps, for both
/// networks.
inline double training_bytes(const NetworkSize& net, const PartitionQuality& q) {
  constexpr double bytes = 4, node_rows = 4.7;
  const double share = std::max(1.0, q.imbalance) / q.ranks, nodes = double(q.nodes), edges = double(q.edges);
  const double rows = (net.steps + 2) * edges + net.steps * node_rows * nodes;
  const double topology = 24 * edges + 56 * nodes;
  return share * (bytes * double(net.hidden) * rows + topology);
}

}  // namespace halograph::tool
