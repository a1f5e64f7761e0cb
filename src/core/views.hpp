// SPDX-License-Identifier: BSD-3-Clause
// Tensors as kernels see them.
#pragma once

#include <halograph/core/tensor.hpp>
#include <kernels/kernels.hpp>

namespace halograph {

/// A view to read; completes pending work. An undefined tensor gives the "not given" view.
inline kernels::In in(const Tensor& t) {
  if (!t.defined()) return {};
  return {t.data(), t.dtype(), t.rows(), t.cols(), t.stride()};
}

/// A view to write.
inline kernels::Out out(const Tensor& t) { return {t.raw_data(), t.dtype(), t.rows(), t.cols(), t.stride()}; }

}  // namespace halograph
