// SPDX-License-Identifier: BSD-3-Clause
// Differentiable dense products. Each output element is one chain of fused multiply-adds in a fixed
// order, so a row's result does not depend on where the row stands, how many there are, or the
// vector width. linear, product and outer are closed under differentiation.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::ops {

/// activation(x W^T + bias): x [n, in], weight replicated [out, in], bias replicated [1, out] or
/// undefined. The sum starts at the bias and walks the columns of x in ascending order.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {},
              Activation activation = Activation::identity);

/// The same for inputs that stand side by side, without building their concatenation: up to four of
/// the same rows.
Tensor linear(std::span<const Tensor> inputs, const Tensor& weight, const Tensor& bias = {},
              Activation activation = Activation::identity);

/// x W: x [n, k], weight replicated [k, m].
Tensor product(const Tensor& x, const Tensor& weight);

/// Sum over all rows r of left_r^T right_r: [left.cols, right.cols], replicated. Collective if
/// partitioned.
Tensor outer(const Tensor& left, const Tensor& right);

}  // namespace halograph::ops
