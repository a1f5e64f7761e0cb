// SPDX-License-Identifier: BSD-3-Clause
// Multi-layer perceptrons as single operations: on rows, and on edges with the gather in front and the sum into
// target nodes behind. All layers pass over a few dozen rows while these are in cache; the tape keeps inputs and
// results only, and the backward pass runs the layers again. Values and gradients have the bits of the
// composed_ forms, which do the same with single operations: they serve where a network does not fit the
// fused form, for second derivatives, and as reference.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/graph.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::ops {

/// Linear layers with an activation between them, then optionally a layer norm and a residual.
struct MlpLayers {
  std::vector<Tensor> weight;  ///< [out, in] each
  std::vector<Tensor> bias;    ///< [1, out] each, or undefined
  Activation activation = Activation::elu;  ///< after every layer but the last
  bool layer_norm = false;
  Tensor norm_weight, norm_bias;  ///< [1, out], both or neither
  double epsilon = 1e-5;
  bool residual = false;  ///< whether the first input (of edge_mlp: the edge rows) is added to the result
};

/// The layers on `inputs` side by side, up to four of the same rows: [n, out].
Tensor mlp(std::span<const Tensor> inputs, const MlpLayers& layers);
Tensor composed_mlp(std::span<const Tensor> inputs, const MlpLayers& layers);

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
EdgeMlpResult composed_edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                                const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options = {});

}  // namespace halograph::ops
