// SPDX-License-Identifier: BSD-3-Clause
// What mlp and edge_mlp share: their layers as lists for the tape, as tasks for the kernels, and as single operations.
#pragma once

#include <span>
#include <vector>

#include <halograph/ops/mlp.hpp>
#include <kernels/kernels.hpp>

namespace halograph::ops {

/// Whether the kernel takes a network of this shape, in the product mode of now.
bool fits_kernel(const MlpLayers& layers, std::size_t n_inputs);

/// The parameters in the order in which the tape holds them, then the scale; `layers_from` puts them back. It is the
/// order in which a backward pass meets them, so that one that serves several layers sums its gradients as single
/// operations would.
void append(std::vector<Tensor>& list, const MlpLayers& layers);
MlpLayers layers_from(const MlpLayers& like, std::span<const Tensor> list);
/// The layers without their tensors.
MlpLayers shape_of(const MlpLayers& layers);

/// Layers that follow each other, beginning with `in` columns; returns the columns of the result.
std::int64_t check_layers(const char* name, const MlpLayers& layers, std::int64_t in, const Tensor& like);

/// The layers on rows of `inputs`; outputs are still to be set.
kernels::MlpTask make_task(std::span<const Tensor> inputs, const MlpLayers& layers);

/// Runs the gradient kernel on rows like those of `like` and puts the gradients of the parameters and the scale behind
/// those of the rows. `wanted` is about the former.
void run_gradient(kernels::MlpGradientTask& task, const MlpLayers& layers, const Tensor& like,
                  std::span<const char> wanted, std::vector<Tensor>& gradients);

/// Memory for the gradient of an input: that of the cotangent where nobody else holds it and a row of one takes the
/// place of a row of the other.
Tensor gradient_like(const Tensor& input, const Tensor& cotangent);

Activation activation_after(const MlpLayers& layers, std::size_t k);

/// Everything after the first layer and its activation, by single operations.
Tensor finish_composed(Tensor y, const MlpLayers& layers, const Tensor& residual);

}  // namespace halograph::ops
