// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/pool.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/dense.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

void require_graphs(const char* op, const Batch& batch, const Tensor& graphs) {
  require(graphs.defined() && !graphs.partitioned() && graphs.rows() == batch.n_graphs(), op, ": needs a replicated row for each of ",
          batch.n_graphs(), " graphs, not ", graphs);
}

Tensor over_nodes(const Batch& batch, const Tensor& like) {
  return Tensor::empty(batch.nodes()->local_rows(), like.cols(), like.dtype(), batch.nodes(), like.device());
}

/// Integers in the order of the numbers, a NaN above all and 0 the same whatever its sign.
std::int64_t order_of(double value) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (std::isnan(value)) return most;
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);
  return bits < 0 ? bits ^ most : bits;
}

double value_of(std::int64_t order) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (order == most) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>(order < 0 ? order ^ most : order);
}

/// nodes: graphs[g, c] at the row where[g, c], 0 elsewhere.
Tensor spread(const Batch& batch, const Index& where, const Tensor& graphs) {
  const Tensor y = over_nodes(batch, graphs);
  kernels::table(y.device()).unpick(in(graphs), where.data(), batch.graph_of_row().data(), out(y));
  return record("spread", {graphs}, y, [batch, where](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    const Tensor one = Tensor::full(batch.n_graphs(), dy.cols(), 1, dy.dtype(), nullptr, dy.device());
    return Tensors{graph_sum(batch, multiply(dy, spread(batch, where, one)))};
  });
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
  const Communicator& comm = batch.nodes()->comm();
  const std::int64_t size = batch.n_graphs() * nodes.cols();
  const Tensor mine = Tensor::empty(batch.n_graphs(), nodes.cols(), nodes.dtype(), nullptr, nodes.device());
  Index mine_at(size, nodes.device());
  kernels::table(nodes.device())
      .group_max(in(nodes), {batch.graph_of_row().data(), batch.n_graphs()}, out(mine), mine_at.writable());

  // Ranks own patches in ascending order: of equals the lowest rank has the first row.
  const std::vector<double> value = mine.to_vector<double>();
  std::vector<std::int32_t> at = mine_at.to_vector();
  std::vector<std::int64_t> order;
  for (std::size_t i = 0; i < value.size(); ++i)
    order.push_back(at[i] < 0 ? std::numeric_limits<std::int64_t>::min() : order_of(value[i]));
  const std::vector<std::int64_t> largest = comm.max(std::span<const std::int64_t>(order));
  std::vector<std::int32_t> has_it;
  for (std::size_t i = 0; i < value.size(); ++i)
    has_it.push_back(at[i] >= 0 && order[i] == largest[i] ? comm.rank() : comm.size());
  const std::vector<std::int32_t> owner = comm.min(std::span<const std::int32_t>(has_it));
  std::vector<double> result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    result.push_back(owner[i] < comm.size() ? value_of(largest[i]) : 0);
    if (owner[i] != comm.rank()) at[i] = -1;
  }
  const Index where(at, nodes.device());
  return record("graph_max", {nodes},
                Tensor::from(result, batch.n_graphs(), nodes.cols(), nodes.dtype(), nullptr, nodes.device()),
                [batch, where](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
                  return Tensors{spread(batch, where, dy)};
                });
}

Tensor gather_graph(const Batch& batch, const Tensor& graphs) {
  require_graphs("gather_graph", batch, graphs);
  const Tensor y = over_nodes(batch, graphs);
  kernels::table(y.device()).gather_rows(in(graphs), {}, batch.graph_of_row().data(), out(y));
  return record("gather_graph", {graphs}, y, [batch](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{graph_sum(batch, dy)};
  });
}

Tensor graph_softmax(const Batch& batch, const Tensor& nodes) {
  require_rows("graph_softmax", nodes, batch.nodes());
  const Tensor largest = gather_graph(batch, graph_max(batch, nodes.detach()));
  const Tensor power = exponential(subtract(nodes, largest));
  return divide(power, gather_graph(batch, scale_shift(graph_sum(batch, power), 1, 1e-16)));
}

}  // namespace halograph::ops
