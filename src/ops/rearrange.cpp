// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/rearrange.hpp>

#include <halograph/autograd/tape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {
namespace {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

void check(const char* name, const Tensor& x) {
  require_defined(name, x);
  require(!x.partitioned(), name, ": needs a replicated tensor, not ", x);
}

/// A handle of its own on contiguous values of x.
Tensor contiguous(const Tensor& x) {
  x.complete();
  if (x.rows() <= 1 || x.stride() == x.cols()) return x.column_view(0, x.cols());
  Tensor y = Tensor::empty(x.rows(), x.cols(), x.dtype(), nullptr, x.device());
  kernels::table(x.device()).copy(in(x), out(y));
  return y;
}

void* element(const Tensor& x, std::int64_t row) {
  return static_cast<char*>(x.raw_data()) + row * x.stride() * std::int64_t(size_of(x.dtype()));
}

/// Row `row` of `rows` becomes column `row` of `columns`, or the other way round.
kernels::In row_as_column(const Tensor& x, std::int64_t row) { return {element(x, row), x.dtype(), x.cols(), 1, 1}; }
kernels::Out column_as_row(const Tensor& x, std::int64_t row) { return {element(x, row), x.dtype(), x.cols(), 1, 1}; }

}  // namespace

Tensor reshaped(const Tensor& x, std::int64_t rows, std::int64_t cols) {
  check("reshaped", x);
  require(rows >= 0 && cols >= 0 && rows * cols == x.rows() * x.cols(), "reshaped: ", x, " to [", rows, ", ", cols,
          "]");
  const Tensor y = contiguous(x);
  y.handle()->rows = rows;
  y.handle()->cols = y.handle()->stride = cols;
  return record("reshaped", {x}, y, [](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{reshaped(dy, given[0].rows(), given[0].cols())};
  });
}

Tensor transposed(const Tensor& x) {
  check("transposed", x);
  x.complete();
  Tensor y = Tensor::empty(x.cols(), x.rows(), x.dtype(), nullptr, x.device());
  const auto& copy = kernels::table(x.device()).copy;
  // A copy for each row of the side that has fewer.
  if (x.rows() < x.cols()) {
    for (std::int64_t r = 0; r < x.rows(); ++r) copy(row_as_column(x, r), out(y.column_view(r, 1)));
  } else {
    for (std::int64_t c = 0; c < x.cols(); ++c) copy(in(x.column_view(c, 1)), column_as_row(y, c));
  }
  return record("transposed", {x}, y,
                [](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) { return Tensors{transposed(dy)}; });
}

}  // namespace halograph::ops
