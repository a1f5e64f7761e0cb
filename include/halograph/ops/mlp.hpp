// SPDX-License-Identifier: BSD-3-Clause
// Multi-layer perceptrons on rows as one operation; edge_mlp.hpp has the form on edges. All layers pass over a few
// dozen rows while these are in cache; the tape keeps inputs and results only, and the backward pass runs the layers
// again. Values and gradients have the bits of single operations, which run where a network does not fit the fused form
// and for second derivatives.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::ops {

/// Linear layers with an activation between them, then optionally one more, a layer norm, a factor for each row and a
/// residual.
struct MlpLayers {
  std::vector<Tensor> weight;               ///< [out, in] each
  std::vector<Tensor> bias;                 ///< [1, out] each, or undefined
  Activation activation = Activation::elu;  ///< after every layer but the last
  bool layer_norm = false;
  Tensor norm_weight{}, norm_bias{};  ///< [1, out], both or neither
  double epsilon = 1e-5;
  bool residual = false;       ///< whether the first input (of edge_mlp: the edge rows) is added to the result
  bool activate_last = false;  ///< whether the activation comes after the last layer too, before the norm
  Tensor scale = {};           ///< [n, 1], or undefined: a factor for each row, before the residual is added
};

/// The layers on `inputs` side by side, up to four of the same rows: [n, out].
Tensor mlp(std::span<const Tensor> inputs, const MlpLayers& layers);

}  // namespace halograph::ops
