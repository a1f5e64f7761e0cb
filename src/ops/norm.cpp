// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/norm.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

Tensor mean_columns(const Tensor& x) { return scale_shift(sum_columns(x), 1.0 / double(x.cols())); }

/// The gradients as differentiable expressions.
Tensors unfused_gradients(const Tensors& given, const Tensor& dy, double epsilon, const Wanted& wanted) {
  const Tensor& x = given[0];
  const Tensor centred = subtract(x, mean_columns(x));
  const Tensor rstd = reciprocal(square_root(scale_shift(mean_columns(square(centred)), 1, epsilon)));
  const Tensor normalised = multiply(centred, rstd);
  Tensors gradients(given.size());
  if (wanted[0]) {
    const Tensor g = given.size() > 1 ? multiply(dy, given[1]) : dy;
    const Tensor inner =
        subtract(subtract(g, mean_columns(g)), multiply(normalised, mean_columns(multiply(g, normalised))));
    gradients[0] = multiply(inner, rstd);
  }
  if (given.size() > 1 && wanted[1]) gradients[1] = sum_rows(multiply(dy, normalised));
  if (given.size() > 1 && wanted[2]) gradients[2] = sum_rows(dy);
  return gradients;
}

Tensors fused_gradients(const Tensors& given, const Tensor& statistics, const Tensor& dy, const Wanted& wanted) {
  const Tensor& x = given[0];
  Tensors gradients(given.size());
  if (wanted[0]) {
    gradients[0] = with_rows_of(x, x.cols());
    kernels::table(x.device())
        .layer_norm_gradient(
            {in(x), in(statistics), given.size() > 1 ? in(given[1]) : kernels::In{}, in(dy), out(gradients[0])});
  }
  if (given.size() > 1 && (wanted[1] || wanted[2])) {
    const PatchRows rows(x);
    const Tensor partials = rows.partials(2 * x.cols(), x);
    kernels::table(x.device()).layer_norm_weight_gradient({in(x), in(statistics), in(dy), rows.view(), out(partials)});
    const auto part = [&](std::int64_t first) {
      Tensor copy = Tensor::empty(partials.rows(), x.cols(), x.dtype(), nullptr, x.device());
      kernels::table(x.device()).copy(in(partials.column_view(first, x.cols())), out(copy));
      return rows.total(copy);
    };
    gradients[1] = part(0);
    gradients[2] = part(x.cols());
  }
  return gradients;
}

}  // namespace

Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon) {
  require(x.defined() && x.cols() > 0, "layer_norm: needs columns, not ", x);
  require(epsilon > 0, "layer_norm: epsilon is ", epsilon, "; it is above 0");
  require(weight.defined() == bias.defined(), "layer_norm: weight and bias come together");
  Tensors inputs{x};
  if (weight.defined()) {
    for (const Tensor* t : {&weight, &bias}) {
      require_alike("layer_norm", x, *t);
      require(!t->partitioned() && t->rows() == 1 && t->cols() == x.cols(), "layer_norm: ", t->describe(), " for ", x);
      inputs.push_back(*t);
    }
  }
  Tensor y = with_rows_of(x, x.cols());
  Tensor statistics = with_rows_of(x, 2);
  kernels::table(x.device()).layer_norm({in(x), in(weight), in(bias), epsilon, out(statistics), out(y)});
  return record("layer_norm", std::move(inputs), y,
                [statistics, epsilon](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return autograd::recording() ? unfused_gradients(given, dy, epsilon, wanted)
                                               : fused_gradients(given, statistics, dy, wanted);
                });
}

}  // namespace halograph::ops
