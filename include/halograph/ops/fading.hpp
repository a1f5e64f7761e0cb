// SPDX-License-Identifier: BSD-3-Clause
// The exponential of weights that fade with distance or score and are multiplied on. Products of exponentials near the
// end of the range would be denormal numbers, which some processors take 100 times as long for.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// e^x, elementwise, and 0 where that is below 2^-63 (f32: x < -43.7) or 2^-511 (f64: x < -354): a product of two
/// results is normal, and what is left out is lost beside 1. Differentiable any number of times.
Tensor fading_exponential(const Tensor& x);

}  // namespace halograph::ops
