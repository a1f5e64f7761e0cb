// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/operators.hpp>

namespace halograph {

// A product with 1 / number would round twice.
Tensor operator/(const Tensor& x, double number) {
  return ops::divide(x, Tensor::full(1, 1, number, x.dtype(), nullptr, x.device()));
}

Tensor operator/(double number, const Tensor& x) {
  return ops::divide(Tensor::full(x.rows(), x.cols(), number, x.dtype(), x.row_space(), x.device()), x);
}

}  // namespace halograph
