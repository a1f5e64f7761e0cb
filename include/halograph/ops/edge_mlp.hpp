// SPDX-License-Identifier: BSD-3-Clause
// A multi-layer perceptron on every edge as one operation, with the gather from its nodes in front and the sum into
// target nodes behind; nothing per edge is kept but inputs and results. See mlp.hpp.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <halograph/ops/mlp.hpp>

namespace halograph::ops {

struct EdgeMlpOptions {
  bool edges = true;  ///< whether the rows of the result are wanted
  bool sum = true;    ///< whether their sums over the in-edges of each node are wanted
};
struct EdgeMlpResult {
  Tensor edges;  ///< [n_edges, out]
  Tensor sum;    ///< [n_nodes, out]
};

/// The layers on every edge, where the first one starts at target[t] + source[s] instead of its bias (see
/// edge_linear) and multiplies `edges` [n_edges, c] only; c may be 0. `ghosts` are the halo of `source`, which may
/// be under way: edges that do not need it come first. Gradients of target, source and ghosts are summed on the way.
EdgeMlpResult edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                       const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options = {});

}  // namespace halograph::ops
