// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/message.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/linear.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/edge_blocks.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

Tensor pick(const Graph& graph, const Index& where, const Tensor& edges);

/// The transpose of pick.
Tensor unpick(const Graph& graph, const Index& where, const Tensor& nodes) {
  Tensor y = over(graph.edges(), nodes.cols(), nodes);
  kernels::table(y.device()).unpick(in(nodes), where.data(), graph.target_row().data(), out(y));
  return record("unpick", {nodes}, y, [graph, where](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{pick(graph, where, dy)};
  });
}

/// Node i, column c: the edge value at where[i, c].
Tensor pick(const Graph& graph, const Index& where, const Tensor& edges) {
  Tensor y = over(graph.nodes(), edges.cols(), edges);
  kernels::table(y.device()).pick(in(edges), where.data(), out(y));
  return record("pick", {edges}, y, [graph, where](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{unpick(graph, where, dy)};
  });
}

Tensor segment_extreme(const char* name, bool largest, const Graph& graph, const Tensor& edges) {
  require_rows(name, edges, graph.edges());
  Tensor y = over(graph.nodes(), edges.cols(), edges);
  Index where(y.rows() * y.cols(), y.device());
  kernels::table(y.device()).segment_extreme(largest, in(edges), graph.edge_offset().data(), out(y), where.writable());
  return record(name, {edges}, y, [graph, where](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{unpick(graph, where, dy)};
  });
}

}  // namespace

Tensor halo(const Graph& graph, const Tensor& nodes) {
  require_rows("halo", nodes, graph.nodes());
  return record("halo", {nodes}, graph.exchange()->start(nodes, graph.ghosts()),
                [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{halo_adjoint(graph, dy)};
                });
}

Tensor halo_adjoint(const Graph& graph, const Tensor& ghosts) {
  require_rows("halo_adjoint", ghosts, graph.ghosts());
  return record(
      "halo_adjoint", {ghosts}, graph.exchange()->start_adjoint(ghosts, graph.nodes()),
      [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) { return Tensors{halo(graph, dy)}; });
}

Tensor gather_target(const Graph& graph, const Tensor& nodes) {
  require_rows("gather_target", nodes, graph.nodes());
  Tensor y = over(graph.edges(), nodes.cols(), nodes);
  kernels::table(y.device()).gather_rows(in(nodes), {}, graph.target_row().data(), out(y));
  return record("gather_target", {nodes}, y, [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{segment_sum(graph, dy)};
  });
}

Tensor gather_source(const Graph& graph, const Tensor& nodes, const Tensor& ghosts) {
  require_rows("gather_source", nodes, graph.nodes());
  require_rows("gather_source", ghosts, graph.ghosts());
  require_alike("gather_source", nodes, ghosts);
  Tensor y = over(graph.edges(), nodes.cols(), nodes);
  kernels::table(y.device()).gather_rows(in(nodes), in(ghosts), graph.source_row().data(), out(y));
  return record(
      "gather_source", {nodes, ghosts}, y,
      [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted& wanted) {
        return Tensors{wanted[0] ? source_sum(graph, dy) : Tensor(), wanted[1] ? ghost_sum(graph, dy) : Tensor()};
      });
}

Tensor gather_source(const Graph& graph, const Tensor& nodes) {
  return gather_source(graph, nodes, halo(graph, nodes));
}

Tensor segment_sum(const Graph& graph, const Tensor& edges) {
  require_rows("segment_sum", edges, graph.edges());
  Tensor y = over(graph.nodes(), edges.cols(), edges);
  kernels::table(y.device()).segment_sum(in(edges), graph.edge_offset().data(), nullptr, out(y));
  return record("segment_sum", {edges}, y, [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{gather_target(graph, dy)};
  });
}

Tensor divide_by_degree(const Graph& graph, const Tensor& sums) {
  require_rows("divide_by_degree", sums, graph.nodes());
  const Tensor degree = graph.in_degree(sums.dtype());
  return divide(sums, add(degree, scale_shift(step(degree), -1, 1)));
}

Tensor segment_mean(const Graph& graph, const Tensor& edges) {
  return divide_by_degree(graph, segment_sum(graph, edges));
}

Tensor segment_max(const Graph& graph, const Tensor& edges) {
  return segment_extreme("segment_max", true, graph, edges);
}
Tensor segment_min(const Graph& graph, const Tensor& edges) {
  return segment_extreme("segment_min", false, graph, edges);
}

Tensor source_sum(const Graph& graph, const Tensor& edges) {
  require_rows("source_sum", edges, graph.edges());
  Tensor y = over(graph.nodes(), edges.cols(), edges);
  kernels::table(y.device()).segment_sum(in(edges), graph.out_offset().data(), graph.out_edge().data(), out(y));
  return record("source_sum", {edges}, y, [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{gather_source(graph, dy, zeros_over(graph.ghosts(), dy.cols(), dy))};
  });
}

Tensor ghost_sum(const Graph& graph, const Tensor& edges) {
  require_rows("ghost_sum", edges, graph.edges());
  Tensor y = over(graph.ghosts(), edges.cols(), edges);
  kernels::table(y.device())
      .segment_sum(in(edges), graph.out_offset().data() + graph.n_nodes(), graph.out_edge().data(), out(y));
  return record("ghost_sum", {edges}, y, [graph](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{gather_source(graph, zeros_over(graph.nodes(), dy.cols(), dy), dy)};
  });
}

Tensor edge_linear(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                   const Tensor& edges, const Tensor& weight, Activation activation) {
  if (!slope_follows_from_value(activation))
    return activate(activation, edge_linear(graph, target, source, ghosts, edges, weight));
  constexpr const char* name = "edge_linear";
  require_rows(name, target, graph.nodes());
  require_rows(name, source, graph.nodes());
  require_rows(name, ghosts, graph.ghosts());
  require_rows(name, edges, graph.edges());
  for (const Tensor* t : {&source, &ghosts, &edges, &weight}) require_alike(name, target, *t);
  require(!weight.partitioned() && weight.cols() == edges.cols() && weight.rows() == target.cols() &&
              source.cols() == target.cols() && ghosts.cols() == target.cols(),
          name, ": weight ", weight, " with edges ", edges, ", target ", target, ", source ", source, ", ghosts ",
          ghosts);
  Tensor y = over(graph.edges(), weight.rows(), edges);
  kernels::LinearTask task;
  task.input[0] = in(edges);
  task.n_inputs = 1;
  task.weight = in(weight);
  task.activation = activation_kernel(activation);
  task.start = {in(target), in(source), unfinished(ghosts), graph.target_row().data(), graph.source_row().data()};
  task.y = out(y);
  run_on_edges(graph, ghosts, kernels::table(y.device()).linear, task);
  return record(name, {target, source, ghosts, edges, weight}, y,
                [graph, activation](const Tensors& given, const Tensor& value, const Tensor& dy, const Wanted& wanted) {
                  const Tensor g = before_activation(activation, value, dy);
                  return Tensors{
                      wanted[0] ? segment_sum(graph, g) : Tensor(), wanted[1] ? source_sum(graph, g) : Tensor(),
                      wanted[2] ? ghost_sum(graph, g) : Tensor(), wanted[3] ? product(g, given[4]) : Tensor(),
                      wanted[4] ? outer(g, given[3]) : Tensor()};
                });
}

}  // namespace halograph::ops
