// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/weighted.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/message.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

void check_sources(const char* name, const Graph& graph, const Tensor& nodes, const Tensor& ghosts) {
  require_rows(name, nodes, graph.nodes());
  require_rows(name, ghosts, graph.ghosts());
  require_alike(name, nodes, ghosts);
  require(nodes.cols() == ghosts.cols(), name, ": nodes ", nodes, " and ghosts ", ghosts);
}

void check_weight(const char* name, const Graph& graph, const Tensor& rows, const Tensor& weight) {
  require_rows(name, weight, graph.edges());
  require_alike(name, rows, weight);
  require(weight.cols() > 0 && rows.cols() % weight.cols() == 0, name, ": ", rows.cols(), " channels for ",
          weight.cols(), " weights of an edge; the first is a multiple of the second");
}

/// The sum over the out-edges of rows [first, first + rows of y).
Tensor sum_out_edges(const Graph& graph, std::int64_t first, const RowSpacePtr& space, const Tensor& target,
                     const Tensor& weight) {
  Tensor y = over(space, target.cols(), target);
  kernels::WeightedSumTask task;
  task.value = in(target);
  task.row = graph.target_row().data();
  task.edge = graph.out_edge().data();
  task.offset = graph.out_offset().data() + first;
  task.weight = in(weight);
  task.y = out(y);
  kernels::table(y.device()).weighted_sum(task);
  return y;
}

}  // namespace

Tensor weighted_sum(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight) {
  constexpr const char* name = "weighted_sum";
  check_sources(name, graph, nodes, ghosts);
  check_weight(name, graph, nodes, weight);
  Tensor y = over(graph.nodes(), nodes.cols(), nodes);
  kernels::WeightedSumTask task;
  task.value = in(nodes);
  task.more = in(ghosts);
  task.row = graph.source_row().data();
  task.offset = graph.edge_offset().data();
  task.weight = in(weight);
  task.y = out(y);
  kernels::table(y.device()).weighted_sum(task);
  return record(name, {nodes, ghosts, weight}, y,
                [graph](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  const Tensor& w = given[2];
                  return Tensors{wanted[0] ? weighted_source_sum(graph, dy, w) : Tensor(),
                                 wanted[1] ? weighted_ghost_sum(graph, dy, w) : Tensor(),
                                 wanted[2] ? edge_dot(graph, given[0], given[1], dy, w.cols()) : Tensor()};
                });
}

Tensor weighted_sum(const Graph& graph, const Tensor& nodes, const Tensor& weight) {
  return weighted_sum(graph, nodes, halo(graph, nodes), weight);
}

Tensor neighbour_sum(const Graph& graph, const Tensor& nodes) {
  require_rows("neighbour_sum", nodes, graph.nodes());
  return weighted_sum(graph, nodes, Tensor::full(graph.n_edges(), 1, 1, nodes.dtype(), graph.edges(), nodes.device()));
}

Tensor weighted_source_sum(const Graph& graph, const Tensor& target, const Tensor& weight) {
  constexpr const char* name = "weighted_source_sum";
  require_rows(name, target, graph.nodes());
  check_weight(name, graph, target, weight);
  return record(name, {target, weight}, sum_out_edges(graph, 0, graph.nodes(), target, weight),
                [graph](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  const Tensor none = zeros_over(graph.ghosts(), dy.cols(), dy);
                  return Tensors{wanted[0] ? weighted_sum(graph, dy, none, given[1]) : Tensor(),
                                 wanted[1] ? edge_dot(graph, dy, none, given[0], given[1].cols()) : Tensor()};
                });
}

Tensor weighted_ghost_sum(const Graph& graph, const Tensor& target, const Tensor& weight) {
  constexpr const char* name = "weighted_ghost_sum";
  require_rows(name, target, graph.nodes());
  check_weight(name, graph, target, weight);
  return record(name, {target, weight}, sum_out_edges(graph, graph.n_nodes(), graph.ghosts(), target, weight),
                [graph](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  const Tensor none = zeros_over(graph.nodes(), dy.cols(), dy);
                  return Tensors{wanted[0] ? weighted_sum(graph, none, dy, given[1]) : Tensor(),
                                 wanted[1] ? edge_dot(graph, none, dy, given[0], given[1].cols()) : Tensor()};
                });
}

Tensor edge_dot(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& target,
                std::int64_t heads) {
  constexpr const char* name = "edge_dot";
  check_sources(name, graph, nodes, ghosts);
  require_rows(name, target, graph.nodes());
  require_alike(name, nodes, target);
  require(nodes.cols() == target.cols() && heads > 0 && nodes.cols() % heads == 0, name, ": ", nodes, " with ", target,
          " in ", heads, " heads");
  Tensor y = over(graph.edges(), heads, nodes);
  kernels::EdgeDotTask task;
  task.left = in(nodes);
  task.more = in(ghosts);
  task.left_row = graph.source_row().data();
  task.right = in(target);
  task.right_row = graph.target_row().data();
  task.y = out(y);
  kernels::table(y.device()).edge_dot(task);
  return record(name, {nodes, ghosts, target}, y,
                [graph](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{wanted[0] ? weighted_source_sum(graph, given[2], dy) : Tensor(),
                                 wanted[1] ? weighted_ghost_sum(graph, given[2], dy) : Tensor(),
                                 wanted[2] ? weighted_sum(graph, given[0], given[1], dy) : Tensor()};
                });
}

}  // namespace halograph::ops
