// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/mlp.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/linear.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/composed.hpp"
#include "ops/mlp_layers.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

namespace {

/// Returns the columns of the result.
std::int64_t check_mlp(std::span<const Tensor> inputs, const MlpLayers& layers) {
  constexpr const char* name = "mlp";
  require(!inputs.empty(), name, ": no inputs");
  std::int64_t in_cols = 0;
  for (const Tensor& x : inputs) {
    require_alike(name, inputs[0], x);
    require(x.row_space() == inputs[0].row_space() && x.rows() == inputs[0].rows(), name, ": the inputs ", inputs[0],
            " and ", x, " have different rows");
    in_cols += x.cols();
  }
  const std::int64_t out_cols = check_layers(name, layers, in_cols, inputs[0]);
  require(!layers.residual || inputs[0].cols() == out_cols, name, ": the residual ", inputs[0], " for ", out_cols,
          " channels");
  return out_cols;
}

Tensors mlp_vjp(const MlpLayers& shape, std::size_t n, const VjpArguments& arguments) {
  const auto given = std::span(arguments.inputs);
  const MlpLayers layers = layers_from(shape, given.subspan(n));
  if (autograd::recording())
    return autograd::replay(
        [&shape, n](const Tensors& x) {
          return Tensors{composed_mlp(std::span(x).first(n), layers_from(shape, std::span(x).subspan(n)))};
        },
        arguments);
  kernels::MlpGradientTask task;
  task.mlp = make_task(given.first(n), layers);
  task.dy = in(arguments.cotangents[0]);
  Tensors gradients(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!arguments.wanted[i]) continue;
    gradients[i] = i == 0 ? gradient_like(given[i], arguments.cotangents[0]) : with_rows_of(given[i], given[i].cols());
    task.dinput[i] = out(gradients[i]);
  }
  run_gradient(task, layers, given[0], std::span(arguments.wanted).subspan(n), gradients);
  return gradients;
}

}  // namespace

Tensor composed_mlp(std::span<const Tensor> inputs, const MlpLayers& layers) {
  check_mlp(inputs, layers);
  return finish_composed(linear(inputs, layers.weight[0], layers.bias[0], activation_after(layers, 0)), layers,
                         inputs[0]);
}

Tensor mlp(std::span<const Tensor> inputs, const MlpLayers& layers) {
  if (!fits_kernel(layers, inputs.size())) return composed_mlp(inputs, layers);
  const std::int64_t out_cols = check_mlp(inputs, layers);
  const Tensor y = with_rows_of(inputs[0], out_cols);
  kernels::MlpTask task = make_task(inputs, layers);
  task.y = out(y);
  kernels::table(y.device()).mlp(task);

  Tensors all(inputs.begin(), inputs.end());
  append(all, layers);
  autograd::record(
      "mlp", std::move(all), Tensors{y},
      [shape = shape_of(layers), n = inputs.size()](const VjpArguments& a) { return mlp_vjp(shape, n, a); });
  return y;
}

}  // namespace halograph::ops
