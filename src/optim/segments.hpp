// SPDX-License-Identifier: BSD-3-Clause
// Lists of tensors of one numeric type, for kernels that walk all of them in one launch.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>

#include "core/transfer.hpp"
#include "core/views.hpp"

namespace halograph::optim {

inline bool adjacent(const Tensor& t) { return t.stride() == t.cols() || t.rows() <= 1; }

/// The tensor itself, or a copy without gaps between rows.
inline Tensor without_gaps(const Tensor& t) { return adjacent(t) ? t : copy_of(t); }

/// Calls visit(first, count) for each longest run of tensors of one numeric type and device.
template <class Visit>
void for_each_alike(std::span<const Tensor> tensors, const Visit& visit) {
  for (std::size_t begin = 0, end = 0; begin < tensors.size(); begin = end) {
    const auto alike = [&](const Tensor& t) {
      return t.dtype() == tensors[begin].dtype() && t.device() == tensors[begin].device();
    };
    while (end < tensors.size() && alike(tensors[end])) ++end;
    visit(begin, end - begin);
  }
}

}  // namespace halograph::optim
