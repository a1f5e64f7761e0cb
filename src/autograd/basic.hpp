// SPDX-License-Identifier: BSD-3-Clause
// The two operations that the tape itself needs: it adds the gradients that meet in a tensor, and gives a recomputed
// segment stand-ins for its inputs.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::autograd {

/// Returns a + b for tensors of the same shape, type and row space, recorded.
Tensor plus(const Tensor& a, const Tensor& b);

/// Returns x as a new node of the tape, whose gradient is that of x.
Tensor identity(const Tensor& x);

}  // namespace halograph::autograd
