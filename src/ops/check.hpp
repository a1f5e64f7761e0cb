// SPDX-License-Identifier: BSD-3-Clause
// What every operation asks of its operands.
#pragma once

#include <halograph/core/error.hpp>
#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/row_space.hpp>

namespace halograph::ops {

/// Same numeric type and device.
inline void require_alike(const char* op, const Tensor& a, const Tensor& b) {
  require(a.defined() && b.defined(), op, ": an operand is undefined");
  require(a.dtype() == b.dtype() && a.device() == b.device(), op, ": ", a, " on ", a.device().name(),
          " does not go with ", b, " on ", b.device().name());
}

/// For operations of one operand.
inline void require_defined(const char* op, const Tensor& x) { require(x.defined(), op, ": the operand is undefined"); }

/// Rows of one of a graph's row spaces.
inline void require_rows(const char* op, const Tensor& x, const RowSpacePtr& space) {
  require(x.defined() && x.row_space() == space, op, ": needs ", space->name(), " of the graph, not ", x);
}

/// An uninitialised tensor with the rows of `like`.
inline Tensor with_rows_of(const Tensor& like, std::int64_t cols) {
  return Tensor::empty(like.rows(), cols, like.dtype(), like.row_space(), like.device());
}

/// One with the rows of a row space and the type and device of `like`.
inline Tensor over(const RowSpacePtr& space, std::int64_t cols, const Tensor& like) {
  return Tensor::empty(space->local_rows(), cols, like.dtype(), space, like.device());
}
inline Tensor zeros_over(const RowSpacePtr& space, std::int64_t cols, const Tensor& like) {
  return Tensor::zeros(space->local_rows(), cols, like.dtype(), space, like.device());
}

}  // namespace halograph::ops
