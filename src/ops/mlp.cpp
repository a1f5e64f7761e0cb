// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/mlp.hpp>

#include <algorithm>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using kernels::MlpTask;
using Tensors = std::vector<Tensor>;

namespace {

/// Whether the kernel takes a network of this shape.
bool fits(const MlpLayers& layers, std::size_t n_inputs) {
  return is_fused(layers.activation) && layers.weight.size() <= std::size_t(MlpTask::max_layers) &&
         n_inputs <= std::size_t(MlpTask::max_inputs);
}

/// The parameters in the order in which the tape holds them; `from_list` puts them back. It is the order in which a
/// backward pass meets them, so that one that serves several layers sums its gradients as single operations would.
void append(Tensors& list, const MlpLayers& layers) {
  list.push_back(layers.norm_weight);
  list.push_back(layers.norm_bias);
  for (std::size_t k = layers.weight.size(); k-- > 0;) {
    list.push_back(layers.weight[k]);
    list.push_back(layers.bias[k]);
  }
}

MlpLayers from_list(const MlpLayers& like, std::span<const Tensor> list) {
  MlpLayers layers = like;
  layers.norm_weight = list[0];
  layers.norm_bias = list[1];
  for (std::size_t k = layers.weight.size(), i = 2; k-- > 0;) {
    layers.weight[k] = list[i++];
    layers.bias[k] = list[i++];
  }
  return layers;
}

/// Layers that follow each other, beginning with `in` columns; returns the columns of the result.
std::int64_t check_layers(const char* name, const MlpLayers& layers, std::int64_t in, const Tensor& like) {
  require(!layers.weight.empty() && layers.weight.size() == layers.bias.size(), name, ": ", layers.weight.size(),
          " weights and ", layers.bias.size(), " biases");
  for (std::size_t k = 0; k < layers.weight.size(); ++k) {
    const Tensor& weight = layers.weight[k];
    require_alike(name, like, weight);
    require(!weight.partitioned() && weight.cols() == in, name, ": weight ", k, " is ", weight, " for ", in, " channels");
    in = weight.rows();
    const Tensor& bias = layers.bias[k];
    if (bias.defined()) require_alike(name, like, bias);
    require(!bias.defined() || (!bias.partitioned() && bias.rows() == 1 && bias.cols() == in), name, ": bias ", k, " is ",
            bias, " for ", in, " channels");
  }
  require(layers.norm_weight.defined() == layers.norm_bias.defined(), name, ": the norm's weight and bias come together");
  for (const Tensor* t : {&layers.norm_weight, &layers.norm_bias}) {
    if (!t->defined()) continue;
    require_alike(name, like, *t);
    require(layers.layer_norm && !t->partitioned() && t->rows() == 1 && t->cols() == in, name, ": ", *t,
            " in the norm of ", in, " channels");
  }
  return in;
}

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
  require(!layers.residual || inputs[0].cols() == out_cols, name, ": the residual ", inputs[0], " for ", out_cols, " channels");
  return out_cols;
}

MlpTask make_task(std::span<const Tensor> inputs, const MlpLayers& layers) {
  MlpTask task;
  task.rows = inputs[0].rows();
  for (const Tensor& x : inputs) task.input[task.n_inputs++] = in(x);
  for (std::size_t k = 0; k < layers.weight.size(); ++k) task.layer[task.n_layers++] = {in(layers.weight[k]), in(layers.bias[k])};
  task.activation = fused_kernel(layers.activation);
  task.norm = layers.layer_norm;
  task.norm_weight = in(layers.norm_weight);
  task.norm_bias = in(layers.norm_bias);
  task.epsilon = layers.epsilon;
  return task;
}

/// Runs the gradient kernel and puts the gradients of the parameters behind those of the rows.
void run_gradient(kernels::MlpGradientTask& task, const MlpLayers& layers, const Tensor& like,
                  std::span<const char> wanted, Tensors& gradients) {
  const PatchRows rows(like);
  Tensors parameters, partials;
  append(parameters, layers);
  if (std::any_of(wanted.begin(), wanted.end(), [](char w) { return w != 0; })) {
    const auto partial = [&](const Tensor& parameter) {
      partials.push_back(parameter.defined() ? rows.partials(parameter.rows() * parameter.cols(), parameter) : Tensor());
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
}

/// Memory for the gradient of an input: that of the cotangent where nobody else holds it and a row of one takes the
/// place of a row of the other.
Tensor gradient_like(const Tensor& input, const Tensor& cotangent) {
  const bool ours = cotangent.defined() && cotangent.handle().use_count() == 1 && cotangent.handle()->buffer.use_count() == 1;
  return ours && cotangent.cols() == input.cols() && cotangent.stride() == input.cols() ? cotangent
                                                                                        : with_rows_of(input, input.cols());
}

Tensors mlp_vjp(const MlpLayers& shape, std::size_t n, const VjpArguments& arguments) {
  const auto given = std::span(arguments.inputs);
  const MlpLayers layers = from_list(shape, given.subspan(n));
  if (autograd::recording())
    return autograd::replay(
        [&shape, n](const Tensors& x) {
          return Tensors{composed_mlp(std::span(x).first(n), from_list(shape, std::span(x).subspan(n)))};
        },
        arguments);
  kernels::MlpGradientTask task;
  task.mlp = make_task(given.first(n), layers);
  task.mlp.residual = layers.residual ? 0 : -1;
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

Tensor finish_composed(Tensor y, const MlpLayers& layers, const Tensor& residual) {
  for (std::size_t k = 1; k < layers.weight.size(); ++k)
    y = linear(y, layers.weight[k], layers.bias[k],
               k + 1 < layers.weight.size() ? layers.activation : Activation::identity);
  if (layers.layer_norm) y = layer_norm(y, layers.norm_weight, layers.norm_bias, layers.epsilon);
  return layers.residual ? add(residual, y) : y;
}

Activation first_activation(const MlpLayers& layers) {
  return layers.weight.size() > 1 ? layers.activation : Activation::identity;
}

}  // namespace

Tensor composed_mlp(std::span<const Tensor> inputs, const MlpLayers& layers) {
  check_mlp(inputs, layers);
  return finish_composed(linear(inputs, layers.weight[0], layers.bias[0], first_activation(layers)), layers, inputs[0]);
}

Tensor mlp(std::span<const Tensor> inputs, const MlpLayers& layers) {
  if (!fits(layers, inputs.size())) return composed_mlp(inputs, layers);
  const std::int64_t out_cols = check_mlp(inputs, layers);
  const Tensor y = with_rows_of(inputs[0], out_cols);
  MlpTask task = make_task(inputs, layers);
  task.residual = layers.residual ? 0 : -1;
  task.y = out(y);
  kernels::table(y.device()).mlp(task);

  Tensors all(inputs.begin(), inputs.end());
  append(all, layers);
  MlpLayers shape = from_list(layers, Tensors(2 * layers.weight.size() + 2));
  autograd::record("mlp", std::move(all), Tensors{y},
                   [shape = std::move(shape), n = inputs.size()](const VjpArguments& a) { return mlp_vjp(shape, n, a); });
  return y;
}

namespace {

/// Returns the columns of the result.
std::int64_t check_edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                            const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options) {
  constexpr const char* name = "edge_mlp";
  require_rows(name, target, graph.nodes());
  require_rows(name, source, graph.nodes());
  require_rows(name, ghosts, graph.ghosts());
  require_rows(name, edges, graph.edges());
  for (const Tensor* t : {&source, &ghosts, &edges}) require_alike(name, target, *t);
  const std::int64_t out_cols = check_layers(name, layers, edges.cols(), edges);
  const std::int64_t first = layers.weight[0].rows();
  require(!layers.bias[0].defined(), name, ": the first bias, ", layers.bias[0], ", belongs into `target`");
  require(target.cols() == first && source.cols() == first && ghosts.cols() == first, name, ": target ", target, ", source ",
          source, ", ghosts ", ghosts, " for ", first, " channels");
  require(!layers.residual || edges.cols() == out_cols, name, ": the residual ", edges, " for ", out_cols, " channels");
  require(options.edges || options.sum, name, ": neither rows nor sums are wanted");
  return out_cols;
}

/// What edge_mlp and its gradient ask of the kernel alike.
MlpTask make_edge_task(const Graph& graph, std::span<const Tensor> rows, const MlpLayers& layers) {
  MlpTask task = make_task(rows.subspan(3, 1), layers);
  task.residual = layers.residual ? 0 : -1;
  const Tensor& ghosts = rows[2];
  // The ghosts may still be under way: their rows must not be read before complete().
  const kernels::In unfinished{ghosts.raw_data(), ghosts.dtype(), ghosts.rows(), ghosts.cols(), ghosts.stride()};
  task.start = {in(rows[0]), in(rows[1]), unfinished, graph.target_row().data(), graph.source_row().data()};
  task.sum_row = graph.target_row().data();
  return task;
}

Tensors listed(const EdgeMlpResult& result, const EdgeMlpOptions& options) {
  Tensors list;
  if (options.edges) list.push_back(result.edges);
  if (options.sum) list.push_back(result.sum);
  return list;
}

Tensors edge_mlp_vjp(const Graph& graph, const MlpLayers& shape, const EdgeMlpOptions& options,
                     const VjpArguments& arguments) {
  constexpr std::size_t n = 4;
  if (autograd::recording())
    return autograd::replay(
        [&](const Tensors& x) {
          return listed(composed_edge_mlp(graph, x[0], x[1], x[2], x[3], from_list(shape, std::span(x).subspan(n)), options),
                        options);
        },
        arguments);
  const auto given = std::span(arguments.inputs);
  const auto& wanted = arguments.wanted;
  const MlpLayers layers = from_list(shape, given.subspan(n));
  given[2].complete();
  kernels::MlpGradientTask task;
  task.mlp = make_edge_task(graph, given, layers);
  if (options.edges) task.dy = in(arguments.cotangents.front());
  if (options.sum) task.dsum = in(arguments.cotangents.back());
  Tensors gradients(n);
  const auto zeros = [&](std::size_t i) {
    gradients[i] = Tensor::zeros(given[i].rows(), given[i].cols(), given[i].dtype(), given[i].row_space(), given[i].device());
    return out(gradients[i]);
  };
  if (wanted[0]) task.dtarget = zeros(0);
  if (wanted[1] || wanted[2]) {
    task.dsource = zeros(1);
    task.dghost = zeros(2);
  }
  if (wanted[3]) {
    gradients[3] = gradient_like(given[3], options.edges ? arguments.cotangents.front() : Tensor());
    task.dinput[0] = out(gradients[3]);
  }
  run_gradient(task, layers, given[3], std::span(wanted).subspan(n), gradients);
  return gradients;
}

}  // namespace

EdgeMlpResult composed_edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                                const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options) {
  check_edge_mlp(graph, target, source, ghosts, edges, layers, options);
  const Tensor first = edge_linear(graph, target, source, ghosts, edges, layers.weight[0], first_activation(layers));
  EdgeMlpResult result;
  result.edges = finish_composed(first, layers, edges);
  if (options.sum) result.sum = segment_sum(graph, result.edges);
  if (!options.edges) result.edges = Tensor();
  return result;
}

EdgeMlpResult edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                       const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options) {
  if (!fits(layers, 1)) return composed_edge_mlp(graph, target, source, ghosts, edges, layers, options);
  const std::int64_t out_cols = check_edge_mlp(graph, target, source, ghosts, edges, layers, options);

  EdgeMlpResult result;
  if (options.edges) result.edges = with_rows_of(edges, out_cols);
  if (options.sum) result.sum = Tensor::zeros(graph.n_nodes(), out_cols, edges.dtype(), graph.nodes(), edges.device());
  Tensors all{target, source, ghosts, edges};
  MlpTask task = make_edge_task(graph, all, layers);
  if (options.edges) task.y = out(result.edges);
  if (options.sum) task.sum = out(result.sum);
  const auto run = [&](const Index& blocks) {
    if (blocks.size() == 0) return;
    task.blocks = blocks.data();
    task.n_blocks = blocks.size() / 2;
    kernels::table(edges.device()).mlp(task);
  };
  run(graph.interior_blocks());
  ghosts.complete();
  run(graph.boundary_blocks());

  append(all, layers);
  MlpLayers shape = from_list(layers, Tensors(2 * layers.weight.size() + 2));
  autograd::record("edge_mlp", std::move(all), listed(result, options),
                   [graph, shape = std::move(shape), options](const VjpArguments& a) { return edge_mlp_vjp(graph, shape, options, a); });
  return result;
}

}  // namespace halograph::ops
