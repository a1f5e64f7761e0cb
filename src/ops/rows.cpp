// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/rows.hpp>

#include <halograph/autograd/tape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor slice_rows(const Tensor& x, std::int64_t first, std::int64_t count) {
  require(x.defined() && !x.partitioned() && first >= 0 && count >= 0 && first + count <= x.rows(), "slice_rows: rows ",
          first, " to ", first + count, " of ", x);
  return record("slice_rows", {x}, x.row_view(first, count),
                [first](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{pad_rows(dy, first, inputs[0].rows())};
                });
}

Tensor pad_rows(const Tensor& x, std::int64_t first, std::int64_t rows) {
  require(x.defined() && !x.partitioned() && first >= 0 && first + x.rows() <= rows, "pad_rows: ", x, " at row ", first,
          " of ", rows);
  Tensor y = Tensor::zeros(rows, x.cols(), x.dtype(), nullptr, x.device());
  kernels::table(x.device()).copy(in(x), out(y.row_view(first, x.rows())));
  return record("pad_rows", {x}, y, [first](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{slice_rows(dy, first, inputs[0].rows())};
  });
}

}  // namespace halograph::ops
