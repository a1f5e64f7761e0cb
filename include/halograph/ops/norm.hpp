// SPDX-License-Identifier: BSD-3-Clause
// Layer normalisation over the columns of a row, as torch.nn.LayerNorm: biased variance, epsilon
// inside the root.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// (x - mean) / sqrt(variance + epsilon) * weight + bias; weight and bias replicated [1, c], or both
/// undefined. Fused forward and first derivative; higher derivatives through an unfused expression. Values
/// beyond the root of the largest number (1.8e19 in f32) overflow in the variance and come out as 0.
Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon = 1e-5);

}  // namespace halograph::ops
