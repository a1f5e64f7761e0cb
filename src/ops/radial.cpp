// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/radial.hpp>

#include <numbers>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/linear.hpp>

#include "ops/check.hpp"

namespace halograph::ops {
namespace {

void require_distance(const char* op, const Tensor& distance) {
  require(distance.defined() && distance.cols() == 1, op, ": needs one distance a row, not ", distance);
}

}  // namespace

Tensor gaussian_basis(const Tensor& distance, const Tensor& centre, double coefficient) {
  require_distance("gaussian_basis", distance);
  require(centre.defined() && centre.rows() == 1, "gaussian_basis: the centres are ", centre);
  const Tensor one = Tensor::full(centre.cols(), 1, 1, centre.dtype(), nullptr, centre.device());
  const Tensor offset = linear(distance, one, negate(centre));
  return fading_exponential(scale_shift(square(offset), coefficient));
}

Tensor bessel_basis(const Tensor& distance, const Tensor& frequency) {
  require_distance("bessel_basis", distance);
  // As in geometry.cpp: the mask is a factor of the result.
  const Tensor positive = step(distance);
  const Tensor inverse = divide(positive, add(distance, scale_shift(positive, -1, 1)));
  return multiply(sine(product(distance, frequency)), inverse);
}

Tensor cosine_cutoff(const Tensor& distance, double cutoff, bool mask) {
  require_distance("cosine_cutoff", distance);
  require(cutoff > 0, "cosine_cutoff: the cutoff is ", cutoff);
  const Tensor fade = scale_shift(cosine(scale_shift(distance, std::numbers::pi / cutoff)), 0.5, 0.5);
  return mask ? multiply(fade, step(scale_shift(distance, -1, cutoff))) : fade;
}

}  // namespace halograph::ops
