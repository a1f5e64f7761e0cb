// SPDX-License-Identifier: BSD-3-Clause
// Differentiable rearrangements of replicated matrices: what parameters go through whose memory order is not that of
// the product they enter. Both are closed under differentiation.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// The same elements in the same row-major order as [rows, cols]; without a copy where x is contiguous.
Tensor reshaped(const Tensor& x, std::int64_t rows, std::int64_t cols);
/// [n, m] -> [m, n]
Tensor transposed(const Tensor& x);

}  // namespace halograph::ops
