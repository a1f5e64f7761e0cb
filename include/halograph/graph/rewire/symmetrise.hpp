// SPDX-License-Identifier: BSD-3-Clause
// Adds the reverse of each edge, on the same nodes: PyTorch Geometric's to_undirected. The reverse of an edge that
// crosses ranks travels, with its attributes, to the owner of its new target.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct Symmetrised {
  Graph graph;  ///< each pair of joined nodes once in each direction, each loop once
  std::int64_t channels = 0;
  std::vector<double> attributes;  ///< [n_edges, channels] sums over the edges that became one
};

/// The edges of `graph` and their reverses, repetitions merged; `attributes` [n_edges, channels] of the edges, reverses
/// have the same, those of merged edges are added (a loop counts twice, once for each direction): given ones first,
/// then reverses, each in edge order. Throws UsageError on all ranks if a rank passes the wrong number. Collective: a
/// halo exchange, then for each edge between ranks 24 + 8 * channels bytes in one message per pair of ranks, and the
/// set-up of a plan.
Symmetrised symmetrise(const Graph& graph, const std::vector<double>& attributes = {}, std::int64_t channels = 0);

}  // namespace halograph
