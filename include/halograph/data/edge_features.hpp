// SPDX-License-Identifier: BSD-3-Clause
// Geometric features of edges: where the source lies, seen from the target.
#pragma once

#include <array>
#include <vector>

#include <halograph/graph/dist/graph.hpp>

namespace halograph::data {

/// The length by which edge_features() divides where none is given: that of the longest edge of all ranks, or 1 where
/// the edges are no longer than the rounding of the positions. Arguments as there. Collective.
double length_scale(const Graph& graph, const std::vector<double>& position, int dimension,
                    const std::array<double, 3>& period);

/// [n_edges, dimension + 1]: x_source - x_target and its length, divided by `scale`, or by length_scale() where that is
/// 0. Along an axis of length `period` > 0 the nearest image counts. Formed in f64 and rounded to `dtype`. `position`
/// [n_nodes, dimension] in the order of the graph's rows, dimension 1, 2 or 3. A network that sees several graphs needs
/// one scale for all of them. Collective.
Tensor edge_features(const Graph& graph, const std::vector<double>& position, int dimension,
                     const std::array<double, 3>& period, DType dtype, double scale = 0);

}  // namespace halograph::data
