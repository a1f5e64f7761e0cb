// SPDX-License-Identifier: BSD-3-Clause
// Dense products of rounded factors on tensor cores. For CUDA only.
#pragma once

#include <halograph/core/precision.hpp>
#include <kernels/kernels.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// As the kernel `linear` of f32 matrices, in mode tf32 or bf16. Sixteen columns of x are added at a time (tf32:
/// eight), in ascending order; what happens to an element depends on nothing but its row of x and its column of
/// weights.
void linear_on_tensor_cores(const LinearTask& task, ProductMode mode);

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
