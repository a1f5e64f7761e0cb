// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/edge_mlp.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/message.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/composed.hpp"
#include "ops/edge_blocks.hpp"
#include "ops/mlp_layers.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

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
  require(target.cols() == first && source.cols() == first && ghosts.cols() == first, name, ": target ", target,
          ", source ", source, ", ghosts ", ghosts, " for ", first, " channels");
  require(!layers.residual || edges.cols() == out_cols, name, ": the residual ", edges, " for ", out_cols, " channels");
  require(options.edges || options.sum, name, ": neither rows nor sums are wanted");
  return out_cols;
}

/// What edge_mlp and its gradient ask of the kernel alike.
kernels::MlpTask make_edge_task(const Graph& graph, std::span<const Tensor> rows, const MlpLayers& layers) {
  kernels::MlpTask task = make_task(rows.subspan(3, 1), layers);
  task.start = {in(rows[0]), in(rows[1]), unfinished(rows[2]), graph.target_row().data(), graph.source_row().data()};
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
          return listed(
              composed_edge_mlp(graph, x[0], x[1], x[2], x[3], layers_from(shape, std::span(x).subspan(n)), options),
              options);
        },
        arguments);
  const auto given = std::span(arguments.inputs);
  const auto& wanted = arguments.wanted;
  const MlpLayers layers = layers_from(shape, given.subspan(n));
  given[2].complete();
  kernels::MlpGradientTask task;
  task.mlp = make_edge_task(graph, given, layers);
  task.target_offset = graph.edge_offset().data();
  task.source_offset = graph.out_offset().data();
  task.source_edge = graph.out_edge().data();
  task.node_patch = graph.nodes()->offset().data();
  task.ghost_patch = graph.ghosts()->offset().data();
  if (options.edges) task.dy = in(arguments.cotangents.front());
  if (options.sum) task.dsum = in(arguments.cotangents.back());
  Tensors gradients(n);
  const auto zeros = [&](std::size_t i) {
    gradients[i] =
        Tensor::zeros(given[i].rows(), given[i].cols(), given[i].dtype(), given[i].row_space(), given[i].device());
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
  const Tensor first = edge_linear(graph, target, source, ghosts, edges, layers.weight[0], activation_after(layers, 0));
  EdgeMlpResult result;
  result.edges = finish_composed(first, layers, edges);
  if (options.sum) result.sum = segment_sum(graph, result.edges);
  if (!options.edges) result.edges = Tensor();
  return result;
}

EdgeMlpResult edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                       const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options) {
  if (!fits_kernel(layers, 1)) return composed_edge_mlp(graph, target, source, ghosts, edges, layers, options);
  const std::int64_t out_cols = check_edge_mlp(graph, target, source, ghosts, edges, layers, options);

  EdgeMlpResult result;
  if (options.edges) result.edges = with_rows_of(edges, out_cols);
  if (options.sum) result.sum = zeros_over(graph.nodes(), out_cols, edges);
  Tensors all{target, source, ghosts, edges};
  kernels::MlpTask task = make_edge_task(graph, all, layers);
  if (options.edges) task.y = out(result.edges);
  if (options.sum) task.sum = out(result.sum);
  run_on_edges(graph, ghosts, kernels::table(edges.device()).mlp, task);

  append(all, layers);
  autograd::record("edge_mlp", std::move(all), listed(result, options),
                   [graph, shape = shape_of(layers), options](const VjpArguments& a) {
                     return edge_mlp_vjp(graph, shape, options, a);
                   });
  return result;
}

}  // namespace halograph::ops
