// SPDX-License-Identifier: BSD-3-Clause
// The largest of weighted neighbours, without messages in memory: beside its result the operation keeps where each
// value came from. See weighted.hpp for the sums.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// nodes: y_i = max over in-edges e = (j -> i) of weight_e * x_j for each column, weight [n_edges, 1]; x_j from the
/// nodes or, across patches, from the ghosts. 0 without in-edges. The gradient goes to the first edge that has the
/// value.
Tensor weighted_max(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight);

}  // namespace halograph::ops
