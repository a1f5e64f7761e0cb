// SPDX-License-Identifier: BSD-3-Clause
// Gradient clipping on replicated gradients: the same on every rank, nothing is communicated. UsageError for
// partitioned or undefined ones.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::optim {

/// Square root of the sum of squares of all elements, in f64: blocks of 1024 elements of a gradient, then blocks and
/// gradients in order.
double norm(std::span<const Tensor> gradients);

/// Scales all gradients by max_norm / norm if the norm is larger. Returns the norm before.
double clip_by_norm(std::vector<Tensor>& gradients, double max_norm);

/// Limits every element to [-limit, limit].
void clip_by_value(std::vector<Tensor>& gradients, double limit);

}  // namespace halograph::optim
