// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/clip.hpp>

#include <cmath>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

#include "optim/segments.hpp"

namespace halograph::optim {

namespace {

void require_replicated(const char* what, std::span<const Tensor> gradients) {
  for (const Tensor& gradient : gradients)
    require(gradient.defined() && !gradient.partitioned(), what, ": a gradient is ", gradient,
            "; those of parameters are replicated");
}

}  // namespace

double norm(std::span<const Tensor> gradients) {
  require_replicated("norm", gradients);
  double sum = 0;
  for_each_alike(gradients, [&](std::size_t begin, std::size_t count) {
    std::vector<kernels::ParameterSegment> segments(count);
    std::vector<Tensor> kept;
    std::int64_t blocks = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const Tensor& gradient = kept.emplace_back(without_gaps(gradients[begin + k]));
      segments[k].gradient = gradient.data();
      segments[k].size = gradient.rows() * gradient.cols();
      blocks += (segments[k].size + kernels::square_sum_elements - 1) / kernels::square_sum_elements;
    }
    const Tensor sums = Tensor::empty(blocks, 1, DType::f64, nullptr, gradients[begin].device());
    kernels::table(sums.device())
        .square_sums({segments.data(), std::int64_t(count), gradients[begin].dtype()}, out(sums));
    for (const double block : sums.to_vector<double>()) sum += block;
  });
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
  require_replicated("clip_by_value", gradients);
  const autograd::RecordingScope off(false);
  for (Tensor& gradient : gradients) {
    const Tensor low = Tensor::full(1, 1, -limit, gradient.dtype(), nullptr, gradient.device());
    // The maximum of a NaN and a number is the NaN, so that a step that diverged still shows.
    const auto at_least_low = [&](const Tensor& x) {
      const Tensor y = Tensor::empty(x.rows(), x.cols(), x.dtype(), nullptr, x.device());
      kernels::table(x.device()).binary(kernels::Binary::maximum, in(x), in(low), out(y));
      return y;
    };
    gradient = ops::negate(at_least_low(ops::negate(at_least_low(gradient))));
  }
}

}  // namespace halograph::optim
