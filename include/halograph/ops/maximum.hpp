// SPDX-License-Identifier: BSD-3-Clause
// The larger of two values, softmax over the columns of a row and its logarithm; all differentiable.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// Elementwise, same shapes and row spaces. The gradient goes to `a` where both are equal.
Tensor maximum(const Tensor& a, const Tensor& b);

/// [n, c] -> [n, c]: exp(x - m) / (the sum of these over the row), m the largest of the row, which is held constant.
Tensor softmax_columns(const Tensor& x);
/// The logarithm of it, x - m - log(the sum of exp(x - m) over the row): also where softmax itself is 0.
Tensor log_softmax_columns(const Tensor& x);

}  // namespace halograph::ops
