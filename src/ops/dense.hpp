// SPDX-License-Identifier: BSD-3-Clause
// What linear and the fused edge form share.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/ops/elementwise.hpp>
#include <kernels/kernels.hpp>

namespace halograph::ops {

/// The activation as the end of a dense product; identity where it has no fused form.
kernels::Unary fused_kernel(Activation activation);

/// Whether dense products can end with the activation: its derivative follows from its value.
bool is_fused(Activation activation);

/// The cotangent before the activation, from value and cotangent behind it.
Tensor before_activation(Activation activation, const Tensor& y, const Tensor& dy);

/// [1, rows * cols] contiguous as [rows, cols], off the tape; stays pending if it was.
Tensor reshape(const Tensor& x, std::int64_t rows, std::int64_t cols);

}  // namespace halograph::ops
