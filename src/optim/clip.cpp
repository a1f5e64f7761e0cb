// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/clip.hpp>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "core/views.hpp"

namespace halograph::optim {

double norm(std::span<const Tensor> gradients) {
  const autograd::RecordingScope off(false);
  double sum = 0;
  for (const Tensor& gradient : gradients) sum += ops::sum(ops::square(ops::cast(gradient, DType::f64))).item();
  return std::sqrt(sum);
}

double clip_by_norm(std::vector<Tensor>& gradients, double max_norm) {
  require(max_norm > 0, "clip_by_norm: ", max_norm, " is not positive");
  const autograd::RecordingScope off(false);
  const double before = norm(gradients);
  if (before > max_norm)
    for (Tensor& gradient : gradients) gradient = ops::scale_shift(gradient, max_norm / before);
  return before;
}

void clip_by_value(std::vector<Tensor>& gradients, double limit) {
  require(limit > 0, "clip_by_value: ", limit, " is not positive");
  for (Tensor& gradient : gradients) {
    const Tensor high = Tensor::full(1, 1, limit, gradient.dtype(), nullptr, gradient.device());
    const Tensor low = Tensor::full(1, 1, -limit, gradient.dtype(), nullptr, gradient.device());
    Tensor limited = Tensor::empty(gradient.rows(), gradient.cols(), gradient.dtype(), nullptr, gradient.device());
    const auto& table = kernels::table(gradient.device());
    table.binary(kernels::Binary::minimum, in(gradient), in(high), out(limited));
    table.binary(kernels::Binary::maximum, in(limited), in(low), out(limited));
    gradient = limited;
  }
}

}  // namespace halograph::optim
