// SPDX-License-Identifier: BSD-3-Clause
// The opposite of concatenate.
#pragma once

#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// [n, parts * c] -> `parts` times [n, c], views on the same memory. The gradient is put together in one piece, where
/// slice_columns would pad one for each.
std::vector<Tensor> split_columns(const Tensor& x, std::int64_t parts);

}  // namespace halograph::ops
