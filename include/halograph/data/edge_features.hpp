// SPDX-License-Identifier: BSD-3-Clause
// Geometric features of edges: where the source lies, seen from the target.
#pragma once

#include <array>
#include <vector>

#include <halograph/graph/graph.hpp>

namespace halograph::data {

/// [n_edges, dimension + 1]: x_source - x_target and its length, divided by the largest length in the graph (by 1
/// if that is 0). Along an axis of length `period` > 0 the nearest image counts. Formed in f64 and rounded to
/// `dtype`. `position` [n_nodes, dimension] in the order of the graph's rows, dimension 1, 2 or 3. Collective.
Tensor edge_features(const Graph& graph, const std::vector<double>& position, int dimension,
                     const std::array<double, 3>& period, DType dtype);

}  // namespace halograph::data
