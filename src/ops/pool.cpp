// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/pool.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/graph_largest.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

void require_graphs(const char* op, const Batch& batch, const Tensor& graphs) {
  require(graphs.defined() && !graphs.partitioned() && graphs.rows() == batch.n_graphs(), op,
          ": needs a replicated row for each of ", batch.n_graphs(), " graphs, not ", graphs);
}

}  // namespace

Tensor graph_sum(const Batch& batch, const Tensor& nodes) {
  require_rows("graph_sum", nodes, batch.nodes());
  const PatchRows rows(nodes);
  const Tensor partials = rows.partials(batch.n_graphs() * nodes.cols(), nodes);
  kernels::table(nodes.device())
      .group_sums(in(nodes), {batch.graph_of_row().data(), batch.n_graphs()}, rows.view(), out(partials));
  return record("graph_sum", {nodes}, reshape(rows.total(partials), batch.n_graphs(), nodes.cols()),
                [batch](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{gather_graph(batch, dy)};
                });
}

Tensor graph_mean(const Batch& batch, const Tensor& nodes) {
  return divide(graph_sum(batch, nodes), batch.divisor(nodes.dtype()));
}

Tensor graph_max(const Batch& batch, const Tensor& nodes) {
  require_rows("graph_max", nodes, batch.nodes());
  Largest largest;
  append_largest(largest, batch, nodes);
  settle_largest(largest, batch.nodes()->comm());
  const Tensor y = Tensor::from(largest.value, batch.n_graphs(), nodes.cols(), nodes.dtype(), nullptr, nodes.device());
  return record(
      "graph_max", {nodes}, y,
      [batch, where = Index(largest.at, nodes.device())](const Tensors&, const Tensor&, const Tensor& dy,
                                                         const Wanted&) { return Tensors{spread(batch, where, dy)}; });
}

Tensor gather_graph(const Batch& batch, const Tensor& graphs) {
  require_graphs("gather_graph", batch, graphs);
  const Tensor y = over(batch.nodes(), graphs.cols(), graphs);
  kernels::table(y.device()).gather_rows(in(graphs), {}, batch.graph_of_row().data(), out(y));
  return record("gather_graph", {graphs}, y, [batch](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{graph_sum(batch, dy)};
  });
}

Tensor graph_softmax(const Batch& batch, const Tensor& nodes) {
  require_rows("graph_softmax", nodes, batch.nodes());
  const Tensor largest = gather_graph(batch, graph_max(batch, nodes.detach()));
  const Tensor power = fading_exponential(subtract(nodes, largest));
  return divide(power, gather_graph(batch, scale_shift(graph_sum(batch, power), 1, 1e-16)));
}

}  // namespace halograph::ops
