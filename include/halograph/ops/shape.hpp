// SPDX-License-Identifier: BSD-3-Clause
// Differentiable column ranges. Slices are views on the same memory.
#pragma once

#include <span>

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// Columns [first, first + count), without a copy.
Tensor slice_columns(const Tensor& x, std::int64_t first, std::int64_t count);
/// [n, c] -> [n, cols] with zeros around, x starting at column `first`: the transpose of a slice.
Tensor pad_columns(const Tensor& x, std::int64_t first, std::int64_t cols);
/// Tensors of the same rows side by side.
Tensor concatenate(std::span<const Tensor> parts);

}  // namespace halograph::ops
