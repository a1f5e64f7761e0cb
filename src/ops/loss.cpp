// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/loss.hpp>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::ops {

Tensor mean_square_error(const Tensor& output, const Tensor& target) { return mean(square(subtract(output, target))); }

Tensor mean_absolute_error(const Tensor& output, const Tensor& target) {
  return mean(absolute(subtract(output, target)));
}

Tensor weighted_mean_square_error(const Tensor& output, const Tensor& target, const Tensor& weight) {
  const Tensor errors = sum(multiply(square(subtract(output, target)), weight));
  return divide(errors, scale_shift(sum(weight), double(output.cols())));
}

}  // namespace halograph::ops
