// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/reduce.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/graph/dist/sum_batch.hpp>
#include <halograph/ops/elementwise.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor PatchRows::total(const Tensor& partials) const {
  return space_ ? sum_partials(space_->tree(), partials) : partials;
}

Tensor sum_columns(const Tensor& x) {
  require_defined("sum_columns", x);
  Tensor y = with_rows_of(x, 1);
  kernels::table(x.device()).sum_columns(in(x), out(y));
  return record("sum_columns", {x}, y, [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{repeat_column(dy, inputs[0].cols())};
  });
}

Tensor sum_rows(const Tensor& x) {
  require_defined("sum_rows", x);
  const PatchRows rows(x);
  const Tensor partials = rows.partials(x.cols(), x);
  kernels::table(x.device()).sum_rows(in(x), rows.view(), out(partials));
  return record("sum_rows", {x}, rows.total(partials),
                [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{repeat_row(dy, inputs[0].detach())};
                });
}

Tensor sum(const Tensor& x) { return sum_columns(sum_rows(x)); }

Tensor mean(const Tensor& x) {
  require_defined("mean", x);
  const double count = double(global_rows(x)) * double(x.cols());
  require(count > 0, "mean: of ", x, ", which has no elements on any rank");
  return divide(sum(x), Tensor::full(1, 1, count, x.dtype(), nullptr, x.device()));
}

Tensor repeat_column(const Tensor& x, std::int64_t cols) {
  require(x.defined() && x.cols() == 1, "repeat_column: needs one column, not ", x);
  const Tensor zero = Tensor::zeros(x.rows(), cols, x.dtype(), x.row_space(), x.device());
  Tensor y = with_rows_of(x, cols);
  kernels::table(x.device()).binary(kernels::Binary::add, in(zero), in(x), out(y));
  return record("repeat_column", {x}, y, [](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{sum_columns(dy)};
  });
}

Tensor repeat_row(const Tensor& x, const Tensor& like) {
  require(x.defined() && x.rows() == 1 && !x.partitioned(), "repeat_row: needs a replicated row, not ", x);
  Tensor y = Tensor::empty(like.rows(), x.cols(), x.dtype(), like.row_space(), x.device());
  kernels::In repeated = in(x);
  repeated.rows = y.rows();
  repeated.stride = 0;
  kernels::table(x.device()).copy(repeated, out(y));
  return record("repeat_row", {x}, y,
                [](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) { return Tensors{sum_rows(dy)}; });
}

Tensor max_rows(const Tensor& x) {
  require_defined("max_rows", x);
  Tensor local = Tensor::empty(1, x.cols(), x.dtype(), nullptr, x.device());
  kernels::table(x.device()).max_rows(in(x), out(local));
  if (!x.partitioned()) return local;
  const std::vector<double> values = local.to_vector<double>();
  local.assign(x.row_space()->comm().max(std::span<const double>(values)));
  return local;
}

std::int64_t global_rows(const Tensor& x) { return x.partitioned() ? x.row_space()->global_rows() : x.rows(); }

}  // namespace halograph::ops
