// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/carry.hpp>

#include <halograph/autograd/tape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

Tensor carry_edges(const EdgeMap& map, const Tensor& x) {
  require_rows("carry_edges", x, map.from);
  Tensor y = Tensor::empty(map.to->local_rows(), x.cols(), x.dtype(), map.to, x.device());
  // New rows read the row behind the last.
  const Tensor zero = Tensor::zeros(1, x.cols(), x.dtype(), nullptr, x.device());
  kernels::table(y.device()).gather_rows(in(x), in(zero), map.from_row.data(), out(y));
  return autograd::record("carry_edges", {x}, y,
                          [map](const std::vector<Tensor>&, const Tensor&, const Tensor& dy, const std::vector<char>&) {
                            return std::vector<Tensor>{carry_edges(reversed(map), dy)};
                          });
}

}  // namespace halograph::ops
