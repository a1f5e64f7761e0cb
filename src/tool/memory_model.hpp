// SPDX-License-Identifier: BSD-3-Clause
// How much memory a rank needs in training: what the tape keeps of one forward pass, which outweighs all else.
#pragma once

#include <algorithm>
#include <vector>

#include <halograph/graph/quality.hpp>

namespace halograph::tool {

struct NetworkSize {
  const char* name;
  std::int64_t hidden;
  int mlp_hidden_layers, steps;
};

/// The two networks that docs/scaling.md measures.
inline std::vector<NetworkSize> example_networks() { return {{"small network", 8, 2, 4}, {"large network", 32, 5, 4}}; }

/// Rows of hidden channels that the tape holds at its fullest, a node or an edge: an MLP with its norm and residual in the
/// encoder and in each step, and what the backward pass adds. Fitted to measured peaks.
inline std::int64_t kept_rows(const NetworkSize& net) { return (net.mlp_hidden_layers + 4) * (net.steps + 1) + 3; }

/// Bytes of the rank with the most work, f32.
inline double training_bytes(const NetworkSize& net, const PartitionQuality& q) {
  constexpr double bytes = 4;
  const double share = std::max(1.0, q.imbalance) / q.ranks;
  const double rows = double(kept_rows(net));
  const double topology = 32 * double(q.edges) + 64 * double(q.nodes);
  return share * (bytes * double(net.hidden) * rows * double(q.edges + q.nodes) + topology);
}

}  // namespace halograph::tool
