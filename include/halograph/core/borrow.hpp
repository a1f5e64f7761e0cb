// SPDX-License-Identifier: BSD-3-Clause
// Tensors on memory of the caller's, with any distance between rows:
//   closure(borrow(u, {n, 5}), borrow(tau, {n, 6}, 8));
#pragma once

#include <cstdint>

#include <halograph/core/tensor.hpp>

namespace halograph {

struct Shape {
  std::int64_t rows = 0, cols = 0;
};

/// Refers to host memory that the caller owns and keeps alive and unmoved as long as any handle exists: element (i, j)
/// is data[i * stride + j]. `stride` 0: the rows are adjacent. UsageError for a stride that is smaller than a row, and
/// for null memory where there are values.
Tensor borrow(float* data, const Shape& shape, std::int64_t stride = 0);
Tensor borrow(double* data, const Shape& shape, std::int64_t stride = 0);
/// The same for memory that is only read. Nothing may be written through the tensor.
Tensor borrow(const float* data, const Shape& shape, std::int64_t stride = 0);
Tensor borrow(const double* data, const Shape& shape, std::int64_t stride = 0);

}  // namespace halograph
