// SPDX-License-Identifier: BSD-3-Clause
// Builds graphs of nearest neighbours: every node gets in-edges from the k nodes nearest to it. The search is exact,
// and the graph is the same for every number of ranks. The squared distance of two points is one chain over
// ascending columns of fma(d, d, sum), d = x_j - x_i, in the type of the points. Neighbours are ordered by
// (distance, global node id), so ties are decided too; a node is told from its duplicates by its id. A rank asks
// another one only for points that may be near enough. Indices carry no gradient: layers compute distances again
// from the points that they gather.
#pragma once

#include <cstdint>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct KnnOptions {
  std::int64_t k = 0;         ///< neighbours of each node; all there are where there are fewer
  bool include_self = false;  ///< whether a node counts as its own neighbour
};

/// The nodes of `nodes` under other edges: into each node from its k nearest by `points` [n_nodes, d], d >= 1. Throws
/// UsageError on all ranks alike if k < 1 or a coordinate is not finite. Collective.
Graph knn_graph(const Graph& nodes, const Tensor& points, const KnnOptions& options);
/// The same among the nodes of each graph of a batch. Collective.
Graph knn_graph(const Graph& nodes, const Tensor& points, const KnnOptions& options, const Batch& batch);

}  // namespace halograph
