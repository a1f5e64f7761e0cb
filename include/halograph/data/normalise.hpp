// SPDX-License-Identifier: BSD-3-Clause
// Statistics of fields over all rows of all ranks, and the standardisation of fields by them. Sums
// follow the same-bits rule and are formed in f64.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::data {

/// Smallest and largest value of each channel: infinity and -infinity without rows.
struct Range {
  std::vector<double> smallest, largest;
};

/// Mean, population standard deviation and range of each channel. The deviation of a constant channel is exactly 0.
struct Statistics {
  std::vector<double> mean, deviation;
  Range range;
};

/// Over all rows of the given tensors [n, c], at least one. Collective if partitioned.
Range range(std::span<const Tensor> frames);

/// Over all rows of the given tensors [n, c] (frames of a field). A channel is constant if its values differ by
/// rounding only: by at most 2^-44 of the largest magnitude, or 2^-21 where all values are numbers of f32. Throws
/// UsageError for values so large that their sum is not finite. Collective if partitioned.
Statistics statistics(std::span<const Tensor> frames);

/// What the deviations from the mean are divided by: 1 for a constant channel, else the deviation + 1e-12, or the
/// deviation alone where it is below 1e-6 (units may be small).
std::vector<double> scales(const Statistics& statistics);

/// (x - mean) / scale, formed in f64 and rounded to `dtype`; a constant channel becomes 0 up to rounding.
Tensor standardise(const Tensor& x, const Statistics& statistics, DType dtype);

/// The inverse, in f64.
Tensor restore(const Tensor& x, const Statistics& statistics);

}  // namespace halograph::data
