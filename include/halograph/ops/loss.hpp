// SPDX-License-Identifier: BSD-3-Clause
// Losses over all rows of all ranks: replicated [1, 1] tensors. Collective where partitioned.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// sum (output - target)^2 / (rows * columns)
Tensor mean_square_error(const Tensor& output, const Tensor& target);
/// sum |output - target| / (rows * columns)
Tensor mean_absolute_error(const Tensor& output, const Tensor& target);
/// sum w_i (output_i - target_i)^2 / (columns * sum w_i), with `weight` [n, 1]: where rows stand for
/// copies of nodes, weights 1 / copies make every node count once.
Tensor weighted_mean_square_error(const Tensor& output, const Tensor& target, const Tensor& weight);

}  // namespace halograph::ops
