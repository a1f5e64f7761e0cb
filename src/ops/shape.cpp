// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/shape.hpp>

#include <halograph/autograd/tape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor slice_columns(const Tensor& x, std::int64_t first, std::int64_t count) {
  require_defined("slice_columns", x);
  return record("slice_columns", {x}, x.column_view(first, count),
                [first](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{pad_columns(dy, first, inputs[0].cols())};
                });
}

Tensor pad_columns(const Tensor& x, std::int64_t first, std::int64_t cols) {
  require(x.defined() && first >= 0 && first + x.cols() <= cols, "pad_columns: ", x, " at column ", first, " of ",
          cols);
  Tensor y = Tensor::zeros(x.rows(), cols, x.dtype(), x.row_space(), x.device());
  kernels::table(x.device()).copy(in(x), out(y.column_view(first, x.cols())));
  return record("pad_columns", {x}, y, [first](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{slice_columns(dy, first, inputs[0].cols())};
  });
}

Tensor concatenate(std::span<const Tensor> parts) {
  require(!parts.empty(), "concatenate: nothing given");
  std::int64_t cols = 0;
  for (const Tensor& part : parts) {
    require_alike("concatenate", parts[0], part);
    require(part.rows() == parts[0].rows() && part.row_space() == parts[0].row_space(), "concatenate: ", parts[0],
            " and ", part, " have different rows");
    cols += part.cols();
  }
  Tensor y = with_rows_of(parts[0], cols);
  std::int64_t first = 0;
  for (const Tensor& part : parts) {
    kernels::table(y.device()).copy(in(part), out(y.column_view(first, part.cols())));
    first += part.cols();
  }
  return record("concatenate", Tensors(parts.begin(), parts.end()), y,
                [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
                  Tensors gradients;
                  std::int64_t at = 0;
                  for (const Tensor& input : inputs) {
                    gradients.push_back(slice_columns(dy, at, input.cols()));
                    at += input.cols();
                  }
                  return gradients;
                });
}

Tensor reshape(const Tensor& x, std::int64_t rows, std::int64_t cols) {
  require(x.rows() * x.cols() == rows * cols && (x.rows() <= 1 || x.stride() == x.cols()), "reshape: ", x, " to [",
          rows, ", ", cols, "]");
  // The same handle with another shape: nobody else has seen it yet, and a pending sum must find it.
  x.handle()->rows = rows;
  x.handle()->cols = x.handle()->stride = cols;
  return x;
}

}  // namespace halograph::ops
