// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/weighted_max.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/composed.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

namespace {

void check(const char* name, const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight) {
  require_rows(name, nodes, graph.nodes());
  require_rows(name, ghosts, graph.ghosts());
  require_rows(name, weight, graph.edges());
  require_alike(name, nodes, ghosts);
  require_alike(name, nodes, weight);
  require(nodes.cols() == ghosts.cols() && weight.cols() == 1, name, ": nodes ", nodes, ", ghosts ", ghosts,
          ", weight ", weight);
}

Tensors weighted_max_vjp(const Graph& graph, const Index& where, const VjpArguments& arguments) {
  if (autograd::recording())
    return autograd::replay(
        [&graph](const Tensors& x) { return Tensors{composed_weighted_max(graph, x[0], x[1], x[2])}; }, arguments);
  const Tensors& given = arguments.inputs;
  Tensors gradients(3);
  kernels::WeightedMaxGradientTask task;
  task.value = in(given[0]);
  task.more = in(given[1]);
  task.row = graph.source_row().data();
  task.target = graph.target_row().data();
  task.where = where.data();
  task.weight = in(given[2]);
  task.dy = in(arguments.cotangents[0]);
  task.out_edge = graph.out_edge().data();
  const auto run = [&](std::size_t i, kernels::Out kernels::WeightedMaxGradientTask::*result, std::int64_t first) {
    if (!arguments.wanted[i]) return;
    gradients[i] = with_rows_of(given[i], given[i].cols());
    kernels::WeightedMaxGradientTask part = task;
    part.out_offset = graph.out_offset().data() + first;
    part.*result = out(gradients[i]);
    kernels::table(given[i].device()).weighted_max_gradient(part);
  };
  run(0, &kernels::WeightedMaxGradientTask::dvalue, 0);
  run(1, &kernels::WeightedMaxGradientTask::dvalue, graph.n_nodes());
  run(2, &kernels::WeightedMaxGradientTask::dweight, 0);
  return gradients;
}

}  // namespace

Tensor weighted_max(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight) {
  check("weighted_max", graph, nodes, ghosts, weight);
  const Tensor y = with_rows_of(nodes, nodes.cols());
  Index where(y.rows() * y.cols(), y.device());
  kernels::WeightedMaxTask task;
  task.value = in(nodes);
  task.more = in(ghosts);
  task.row = graph.source_row().data();
  task.offset = graph.edge_offset().data();
  task.weight = in(weight);
  task.y = out(y);
  task.where = where.writable();
  kernels::table(y.device()).weighted_max(task);
  autograd::record("weighted_max", {nodes, ghosts, weight}, Tensors{y},
                   [graph, where](const VjpArguments& arguments) { return weighted_max_vjp(graph, where, arguments); });
  return y;
}

Tensor composed_weighted_max(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight) {
  check("composed_weighted_max", graph, nodes, ghosts, weight);
  return segment_max(graph, multiply(gather_source(graph, nodes, ghosts), weight));
}

}  // namespace halograph::ops
