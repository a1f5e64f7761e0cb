// SPDX-License-Identifier: BSD-3-Clause
// Differentiable row ranges of replicated tensors: one matrix of a stack of them.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// Rows [first, first + count) of a replicated tensor, without a copy.
Tensor slice_rows(const Tensor& x, std::int64_t first, std::int64_t count);
/// [n, c] -> [rows, c] with zeros around, x starting at row `first`: the transpose of a slice.
Tensor pad_rows(const Tensor& x, std::int64_t first, std::int64_t rows);

}  // namespace halograph::ops
