// SPDX-License-Identifier: BSD-3-Clause
// What linear and the fused edge form share.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/ops/elementwise.hpp>
#include <kernels/kernels.hpp>

namespace halograph::ops {

kernels::Unary activation_kernel(Activation activation);

/// Whether the derivative of an activation follows from its value: dense products can end with it.
bool slope_follows_from_value(Activation activation);

/// The cotangent before the activation, from value and cotangent behind it.
Tensor before_activation(Activation activation, const Tensor& y, const Tensor& dy);

/// [1, rows * cols] contiguous as [rows, cols], off the tape; stays pending if it was.
Tensor reshape(const Tensor& x, std::int64_t rows, std::int64_t cols);

}  // namespace halograph::ops
