// SPDX-License-Identifier: BSD-3-Clause
// Comparison to the bit: equal values with different bits, or NaNs, must not slip through.
#pragma once

#include <cstring>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::testing {

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

/// Shape, type and every bit. f32 values widen without loss, so f64 copies tell all.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() && a.dtype() == b.dtype() &&
         same_bits(a.to_vector<double>(), b.to_vector<double>());
}

}  // namespace halograph::testing
