// SPDX-License-Identifier: BSD-3-Clause
// Statistics of fields over all rows of all ranks, and the standardisation of fields by them. Sums
// follow the same-bits rule and are formed in f64.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::data {

/// Mean and population standard deviation of each channel.
struct Statistics {
  std::vector<double> mean, deviation;
};

/// Over all rows of the given tensors [n, c] (frames of a field). Collective if partitioned.
Statistics statistics(std::span<const Tensor> frames);

/// (x - mean) / (deviation + 1e-12), formed in f64 and rounded to `dtype`; a constant channel
/// becomes 0.
Tensor standardise(const Tensor& x, const Statistics& statistics, DType dtype);

/// The inverse, in f64.
Tensor restore(const Tensor& x, const Statistics& statistics);

}  // namespace halograph::data
