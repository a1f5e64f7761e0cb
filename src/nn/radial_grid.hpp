// SPDX-License-Identifier: BSD-3-Clause
// The numbers that radial bases are made with, as replicated [1, n] buffers.
#pragma once

#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::nn {

/// first, first + spacing, ...
inline Tensor evenly_spaced(double first, double spacing, std::int64_t n, DType dtype) {
  std::vector<double> values;
  for (std::int64_t k = 0; k < n; ++k) values.push_back(first + spacing * double(k));
  return Tensor::from(values, 1, n, dtype);
}

}  // namespace halograph::nn
