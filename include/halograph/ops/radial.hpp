// SPDX-License-Identifier: BSD-3-Clause
// Functions of a distance [n, 1] that models of atoms expand it in, and the factor that lets it fade out.
// Differentiable any number of times.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// [n, k]: exp(coefficient (d - centre_k)^2), 0 where it is faint (fading.hpp), with `centre` replicated [1, k]
/// (GaussianSmearing, arXiv:1706.08566).
Tensor gaussian_basis(const Tensor& distance, const Tensor& centre, double coefficient);

/// [n, k]: sin(frequency_k d) / d with `frequency` replicated [1, k]; 0 with derivatives 0 where d is 0
/// (arXiv:2003.03123).
Tensor bessel_basis(const Tensor& distance, const Tensor& frequency);

/// [n, 1]: (cos(pi d / cutoff) + 1) / 2, and with `mask` 0 for d >= cutoff, where the cosine would rise again.
Tensor cosine_cutoff(const Tensor& distance, double cutoff, bool mask = true);

}  // namespace halograph::ops
