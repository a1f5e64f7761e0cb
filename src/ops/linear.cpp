// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/linear.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor before_activation(Activation activation, const Tensor& y, const Tensor& dy) {
  return activation == Activation::identity ? dy : activation_slope_product(activation, y, dy);
}

namespace {

/// The gradient of the weights of `linear`, all inputs in one [out, in] tensor.
Tensor weight_gradient(const Tensor& dy, std::span<const Tensor> inputs) {
  if (autograd::recording() || inputs.size() == 1) {
    Tensors parts;
    for (const Tensor& x : inputs) parts.push_back(outer(dy, x));
    return parts.size() == 1 ? parts.front() : concatenate(parts);
  }
  std::int64_t depth = 0;
  for (const Tensor& x : inputs) depth += x.cols();
  const PatchRows rows(dy);
  const Tensor partials = rows.partials(dy.cols() * depth, dy);
  std::int64_t first = 0;
  for (const Tensor& x : inputs) {
    kernels::table(dy.device()).weight_gradient({in(x), in(dy), rows.view(), depth, first, out(partials)});
    first += x.cols();
  }
  return reshape(rows.total(partials), dy.cols(), depth);
}

Tensors linear_vjp(Activation activation, bool has_bias, const Tensors& inputs, const Tensor& y, const Tensor& dy,
                   const Wanted& wanted) {
  const std::size_t n = inputs.size() - (has_bias ? 2 : 1);
  const Tensor g = before_activation(activation, y, dy);
  Tensors gradients(inputs.size());
  std::int64_t first = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (wanted[i]) gradients[i] = product(g, n == 1 ? inputs[n] : slice_columns(inputs[n], first, inputs[i].cols()));
    first += inputs[i].cols();
  }
  if (wanted[n]) gradients[n] = weight_gradient(g, std::span(inputs).first(n));
  if (has_bias && wanted[n + 1]) gradients[n + 1] = sum_rows(g);
  return gradients;
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, Activation activation) {
  return linear(std::span(&x, 1), weight, bias, activation);
}

Tensor linear(std::span<const Tensor> inputs, const Tensor& weight, const Tensor& bias, Activation activation) {
  if (!slope_follows_from_value(activation)) return activate(activation, linear(inputs, weight, bias));
  require(!inputs.empty() && inputs.size() <= std::size_t(kernels::LinearTask::max_inputs), "linear: ", inputs.size(),
          " inputs, at most ", kernels::LinearTask::max_inputs);
  kernels::LinearTask task;
  std::int64_t depth = 0;
  for (const Tensor& x : inputs) {
    require_alike("linear", x, weight);
    require(x.row_space() == inputs[0].row_space() && x.rows() == inputs[0].rows(), "linear: the inputs ", inputs[0],
            " and ", x, " have different rows");
    depth += x.cols();
    task.input[task.n_inputs++] = in(x);
  }
  require(!weight.partitioned() && weight.cols() == depth, "linear: weight ", weight, " for ", depth,
          " input channels");
  if (bias.defined()) require_alike("linear", weight, bias);
  require(!bias.defined() || (!bias.partitioned() && bias.rows() == 1 && bias.cols() == weight.rows()), "linear: bias ",
          bias, " for ", weight.rows(), " output channels");
  Tensor y = with_rows_of(inputs[0], weight.rows());
  task.weight = in(weight);
  task.bias = in(bias);
  task.activation = activation_kernel(activation);
  task.y = out(y);
  kernels::table(y.device()).linear(task);

  Tensors all(inputs.begin(), inputs.end());
  all.push_back(weight);
  if (bias.defined()) all.push_back(bias);
  return record("linear", std::move(all), y,
                [activation, has_bias = bias.defined()](const Tensors& given, const Tensor& value, const Tensor& dy,
                                                        const Wanted& wanted) {
                  return linear_vjp(activation, has_bias, given, value, dy, wanted);
                });
}

Tensor product(const Tensor& x, const Tensor& weight) {
  require_alike("product", x, weight);
  require(!weight.partitioned() && weight.rows() == x.cols(), "product: weight ", weight, " for ", x);
  Tensor y = with_rows_of(x, weight.cols());
  kernels::LinearTask task;
  task.input[0] = in(x);
  task.n_inputs = 1;
  task.weight = in(weight);
  task.transposed = true;
  task.y = out(y);
  kernels::table(y.device()).linear(task);
  return record(
      "product", {x, weight}, y, [](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
        return Tensors{wanted[0] ? linear(dy, given[1]) : Tensor(), wanted[1] ? outer(given[0], dy) : Tensor()};
      });
}

Tensor outer(const Tensor& left, const Tensor& right) {
  require_alike("outer", left, right);
  require(left.row_space() == right.row_space() && left.rows() == right.rows(), "outer: ", left, " and ", right,
          " have different rows");
  const PatchRows rows(left);
  const Tensor partials = rows.partials(left.cols() * right.cols(), left);
  kernels::table(left.device()).weight_gradient({in(right), in(left), rows.view(), right.cols(), 0, out(partials)});
  return record(
      "outer", {left, right}, reshape(rows.total(partials), left.cols(), right.cols()),
      [](const Tensors& given, const Tensor&, const Tensor& d, const Wanted& wanted) {
        return Tensors{wanted[0] ? linear(given[1], d) : Tensor(), wanted[1] ? product(given[0], d) : Tensor()};
      });
}

}  // namespace halograph::ops
