// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/split.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/check.hpp"

namespace halograph::ops {

std::vector<Tensor> split_columns(const Tensor& x, std::int64_t parts) {
  require(x.defined() && parts > 0 && x.cols() % parts == 0, "split_columns: ", x, " into ", parts, " parts");
  const std::int64_t cols = x.cols() / parts;
  std::vector<Tensor> pieces;
  for (std::int64_t k = 0; k < parts; ++k) pieces.push_back(x.column_view(k * cols, cols));
  autograd::record("split_columns", {x}, pieces, [cols](const autograd::VjpArguments& arguments) {
    std::vector<Tensor> gradients = arguments.cotangents;
    const Tensor& input = arguments.inputs[0];
    for (Tensor& gradient : gradients)
      if (!gradient.defined())
        gradient = Tensor::zeros(input.rows(), cols, input.dtype(), input.row_space(), input.device());
    return std::vector<Tensor>{concatenate(gradients)};
  });
  return pieces;
}

}  // namespace halograph::ops
