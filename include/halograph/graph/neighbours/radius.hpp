// SPDX-License-Identifier: BSD-3-Clause
// Builds graphs of all neighbours within a cutoff, in open space or in periodic boxes and crystals of any shape.
// Every image of a node that is near enough counts, also images of the node itself and several of one node, as in
// boxes smaller than the cutoff. The graph is the same for every number of ranks: one fixed expression decides
// whether there is an edge, and it is the same for both directions.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct RadiusOptions {
  double cutoff = 0;
  /// Whether a node is its own neighbour at distance zero; its images always are.
  bool include_self = false;
  /// Length of the box along each axis, 0: open. Empty: all open.
  std::vector<double> period = {};
  /// Instead of `period`, lattice vectors [m, d], m at most 3, independent of each other: one such list for all graphs
  /// of the batch or one for each.
  std::vector<std::vector<double>> lattice = {};
  /// Only the nearest so many, by (distance, source id, image). 0: all.
  std::int64_t max_neighbours = 0;
};

struct RadiusGraph {
  Graph graph;
  /// [n_edges, d] the sum of lattice vectors from the source to its image: x_source - x_target + shift is how the edge
  /// runs. Undefined without periods.
  Tensor shift;
};

/// The nodes of `nodes` under other edges: into each node i from every node j and image s with |x_j - x_i + s| <
/// cutoff, `points` [n_nodes, d] with d >= 1. The square is one chain over ascending columns of fma(v, v, sum), v =
/// (x_j - x_i) + s in the type of the points, and is compared with the square of the cutoff in double precision. Edges
/// between the same two nodes are ordered by image (n_1, n_2, n_3), s the sum of n_a times lattice vector a. Points may
/// lie outside the box. Throws UsageError on all ranks alike if options make no sense, a coordinate is not finite, or
/// an image is 2^20 cells away. Collective.
RadiusGraph radius_graph(const Graph& nodes, const Tensor& points, const RadiusOptions& options);
/// The same among the nodes of each graph of a batch. Collective.
RadiusGraph radius_graph(const Graph& nodes, const Tensor& points, const RadiusOptions& options, const Batch& batch);

}  // namespace halograph
