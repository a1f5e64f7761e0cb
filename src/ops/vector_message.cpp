// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/vector_message.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/split.hpp>
#include <halograph/ops/weighted.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/composed.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

namespace {

constexpr std::int64_t axes = 3;

/// Returns F.
std::int64_t check_message(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight,
                           const Tensor& direction) {
  constexpr const char* name = "vector_message";
  require_rows(name, nodes, graph.nodes());
  require_rows(name, ghosts, graph.ghosts());
  require_rows(name, weight, graph.edges());
  require_rows(name, direction, graph.edges());
  for (const Tensor* t : {&ghosts, &weight, &direction}) require_alike(name, nodes, *t);
  const std::int64_t f = weight.cols() / 3;
  require(f > 0 && weight.cols() == 3 * f && (nodes.cols() == 2 * f || nodes.cols() == 5 * f) &&
              ghosts.cols() == nodes.cols() && direction.cols() == axes,
          name, ": nodes ", nodes, ", ghosts ", ghosts, ", weight ", weight, ", direction ", direction,
          "; for F channels these have 2 F or 5 F, the same, 3 F and 3 columns");
  return f;
}

kernels::VectorMessageTask make_message(const Graph& graph, std::span<const Tensor> given) {
  kernels::VectorMessageTask task;
  task.value = in(given[0]);
  task.more = in(given[1]);
  task.value_row = graph.source_row().data();
  task.y_row = graph.target_row().data();
  task.offset = graph.edge_offset().data();
  task.weight = in(given[2]);
  task.direction = in(given[3]);
  return task;
}

Tensors vector_message_vjp(const Graph& graph, const VjpArguments& arguments) {
  if (autograd::recording())
    return autograd::replay(
        [&](const Tensors& x) { return Tensors{composed_vector_message(graph, x[0], x[1], x[2], x[3])}; }, arguments);
  const auto& given = arguments.inputs;
  const auto& wanted = arguments.wanted;
  kernels::VectorMessageGradientTask task;
  task.message = make_message(graph, given);
  task.dy = in(arguments.cotangents[0]);
  Tensors gradients(4);
  const auto& table = kernels::table(given[0].device());
  if (wanted[2] || wanted[3]) {
    gradients[2] = with_rows_of(given[2], given[2].cols());
    task.dweight = out(gradients[2]);
    if (wanted[3]) {
      gradients[3] = with_rows_of(given[3], axes);
      task.ddirection = out(gradients[3]);
    }
    table.vector_message_edges(task);
  }
  // The out-edges of nodes, then those of ghosts.
  task.message.edge = graph.out_edge().data();
  for (const std::size_t i : {0, 1}) {
    if (!wanted[i]) continue;
    gradients[i] = with_rows_of(given[i], given[i].cols());
    task.message.offset = graph.out_offset().data() + (i == 0 ? 0 : graph.n_nodes());
    task.dvalue = out(gradients[i]);
    table.vector_message_values(task);
  }
  return gradients;
}

}  // namespace

Tensor composed_vector_message(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight,
                               const Tensor& direction) {
  const std::int64_t parts = nodes.cols() / check_message(graph, nodes, ghosts, weight, direction);
  const Tensors sent = split_columns(nodes, parts), far = split_columns(ghosts, parts), w = split_columns(weight, 3),
                r = split_columns(direction, axes);
  Tensors y{weighted_sum(graph, sent[0], far[0], w[0])};
  for (std::size_t a = 0; a < std::size_t(axes); ++a) {
    const Tensor radial = weighted_sum(graph, sent[1], far[1], multiply(w[1], r[a]));
    y.push_back(parts == 2 ? radial : add(radial, weighted_sum(graph, sent[2 + a], far[2 + a], w[2])));
  }
  return concatenate(y);
}

Tensor vector_message(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight,
                      const Tensor& direction) {
  const std::int64_t f = check_message(graph, nodes, ghosts, weight, direction);
  Tensors given{nodes, ghosts, weight, direction};
  const Tensor y = with_rows_of(nodes, (1 + axes) * f);
  kernels::VectorMessageTask task = make_message(graph, given);
  task.y = out(y);
  kernels::table(y.device()).vector_message(task);
  autograd::record("vector_message", std::move(given), Tensors{y},
                   [graph](const VjpArguments& a) { return vector_message_vjp(graph, a); });
  return y;
}

}  // namespace halograph::ops
