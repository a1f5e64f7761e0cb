// SPDX-License-Identifier: BSD-3-Clause
#include "ops/mlp_layers.hpp"

#include <algorithm>

#include <halograph/core/precision.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/norm.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using Tensors = std::vector<Tensor>;

bool fits_kernel(const MlpLayers& layers, std::size_t n_inputs) {
  // The fused kernels know exact products only.
  if (product_mode() != ProductMode::exact)
    for (const Tensor& weight : layers.weight)
      if (weight.defined() && weight.dtype() == DType::f32) return false;
  const bool norm_last = !layers.layer_norm || !(layers.activate_last || layers.scale.defined());
  return norm_last && layers.weight.size() <= std::size_t(kernels::MlpTask::max_layers) &&
         n_inputs <= std::size_t(kernels::MlpTask::max_inputs);
}

void append(Tensors& list, const MlpLayers& layers) {
  list.push_back(layers.norm_weight);
  list.push_back(layers.norm_bias);
  for (std::size_t k = layers.weight.size(); k-- > 0;) {
    list.push_back(layers.weight[k]);
    list.push_back(layers.bias[k]);
  }
  list.push_back(layers.scale);
}

MlpLayers layers_from(const MlpLayers& like, std::span<const Tensor> list) {
  MlpLayers layers = like;
  layers.norm_weight = list[0];
  layers.norm_bias = list[1];
  for (std::size_t k = layers.weight.size(), i = 2; k-- > 0;) {
    layers.weight[k] = list[i++];
    layers.bias[k] = list[i++];
  }
  layers.scale = list[2 * layers.weight.size() + 2];
  return layers;
}

MlpLayers shape_of(const MlpLayers& layers) { return layers_from(layers, Tensors(2 * layers.weight.size() + 3)); }

std::int64_t check_layers(const char* name, const MlpLayers& layers, std::int64_t in, const Tensor& like) {
  require(!layers.weight.empty() && layers.weight.size() == layers.bias.size(), name, ": ", layers.weight.size(),
          " weights and ", layers.bias.size(), " biases");
  for (std::size_t k = 0; k < layers.weight.size(); ++k) {
    const Tensor& weight = layers.weight[k];
    require_alike(name, like, weight);
    require(!weight.partitioned() && weight.cols() == in, name, ": weight ", k, " is ", weight, " for ", in,
            " channels");
    in = weight.rows();
    const Tensor& bias = layers.bias[k];
    if (bias.defined()) require_alike(name, like, bias);
    require(!bias.defined() || (!bias.partitioned() && bias.rows() == 1 && bias.cols() == in), name, ": bias ", k,
            " is ", bias, " for ", in, " channels");
  }
  if (layers.scale.defined()) {
    require_alike(name, like, layers.scale);
    require(
        layers.scale.row_space() == like.row_space() && layers.scale.rows() == like.rows() && layers.scale.cols() == 1,
        name, ": scale ", layers.scale, " for rows of ", like);
  }
  require(layers.norm_weight.defined() == layers.norm_bias.defined(), name,
          ": the norm's weight and bias come together");
  for (const Tensor* t : {&layers.norm_weight, &layers.norm_bias}) {
    if (!t->defined()) continue;
    require_alike(name, like, *t);
    require(layers.layer_norm && !t->partitioned() && t->rows() == 1 && t->cols() == in, name, ": ", *t,
            " in the norm of ", in, " channels");
  }
  return in;
}

kernels::MlpTask make_task(std::span<const Tensor> inputs, const MlpLayers& layers) {
  kernels::MlpTask task;
  task.rows = inputs[0].rows();
  for (const Tensor& x : inputs) task.input[task.n_inputs++] = in(x);
  for (std::size_t k = 0; k < layers.weight.size(); ++k)
    task.layer[task.n_layers++] = {in(layers.weight[k]), in(layers.bias[k])};
  task.activation = activation_kernel(layers.activation);
  task.activate_last = layers.activate_last;
  task.norm = layers.layer_norm;
  task.norm_weight = in(layers.norm_weight);
  task.norm_bias = in(layers.norm_bias);
  task.epsilon = layers.epsilon;
  task.scale = in(layers.scale);
  task.residual = layers.residual ? 0 : -1;
  return task;
}

void run_gradient(kernels::MlpGradientTask& task, const MlpLayers& layers, const Tensor& like,
                  std::span<const char> wanted, Tensors& gradients) {
  const PatchRows rows(like);
  Tensors parameters, partials;
  append(parameters, layers);
  parameters.pop_back();
  Tensor scale_gradient;
  if (wanted.back()) {
    scale_gradient = with_rows_of(layers.scale, 1);
    task.dscale = out(scale_gradient);
  }
  if (std::any_of(wanted.begin(), wanted.end() - 1, [](char w) { return w != 0; })) {
    const auto partial = [&](const Tensor& parameter) {
      partials.push_back(parameter.defined() ? rows.partials(parameter.rows() * parameter.cols(), parameter)
                                             : Tensor());
      return parameter.defined() ? out(partials.back()) : kernels::Out{};
    };
    task.dnorm_weight = partial(layers.norm_weight);
    task.dnorm_bias = partial(layers.norm_bias);
    for (std::size_t k = layers.weight.size(); k-- > 0;) {
      task.dweight[k] = partial(layers.weight[k]);
      task.dbias[k] = partial(layers.bias[k]);
    }
  }
  task.tree = rows.view();
  kernels::table(like.device()).mlp_gradient(task);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    gradients.push_back(!partials.empty() && partials[i].defined()
                            ? reshape(rows.total(partials[i]), parameters[i].rows(), parameters[i].cols())
                            : Tensor());
  gradients.push_back(scale_gradient);
}

Tensor gradient_like(const Tensor& input, const Tensor& cotangent) {
  const bool ours =
      cotangent.defined() && cotangent.handle().use_count() == 1 && cotangent.handle()->buffer.use_count() == 1;
  return ours && cotangent.cols() == input.cols() && cotangent.stride() == input.cols()
             ? cotangent
             : with_rows_of(input, input.cols());
}

Activation activation_after(const MlpLayers& layers, std::size_t k) {
  return k + 1 < layers.weight.size() || layers.activate_last ? layers.activation : Activation::identity;
}

Tensor finish_composed(Tensor y, const MlpLayers& layers, const Tensor& residual) {
  for (std::size_t k = 1; k < layers.weight.size(); ++k)
    y = linear(y, layers.weight[k], layers.bias[k], activation_after(layers, k));
  if (layers.layer_norm) y = layer_norm(y, layers.norm_weight, layers.norm_bias, layers.epsilon);
  if (layers.scale.defined()) y = multiply(y, layers.scale);
  return layers.residual ? add(residual, y) : y;
}

}  // namespace halograph::ops
