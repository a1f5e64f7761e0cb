// SPDX-License-Identifier: BSD-3-Clause
#include "ops/graph_largest.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/pool.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {
namespace {

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

}  // namespace

void append_largest(Largest& largest, const Batch& batch, const Tensor& nodes) {
  const Tensor value = Tensor::empty(batch.n_graphs(), nodes.cols(), nodes.dtype(), nullptr, nodes.device());
  Index at(batch.n_graphs() * nodes.cols(), nodes.device());
  kernels::table(nodes.device())
      .group_max(in(nodes), {batch.graph_of_row().data(), batch.n_graphs()}, out(value), at.writable());
  const std::vector<double> values = value.to_vector<double>();
  const std::vector<std::int32_t> rows = at.to_vector();
  largest.value.insert(largest.value.end(), values.begin(), values.end());
  largest.at.insert(largest.at.end(), rows.begin(), rows.end());
}

void settle_largest(Largest& largest, const Communicator& comm) {
  auto& [value, at] = largest;
  std::vector<std::int64_t> order;
  for (std::size_t i = 0; i < value.size(); ++i)
    order.push_back(at[i] < 0 ? std::numeric_limits<std::int64_t>::min() : order_of(value[i]));
  const std::vector<std::int64_t> most = comm.max(std::span<const std::int64_t>(order));
  // Ranks own patches in ascending order: of equals the lowest rank has the first row.
  std::vector<std::int32_t> has_it;
  for (std::size_t i = 0; i < value.size(); ++i)
    has_it.push_back(at[i] >= 0 && order[i] == most[i] ? comm.rank() : comm.size());
  const std::vector<std::int32_t> owner = comm.min(std::span<const std::int32_t>(has_it));
  for (std::size_t i = 0; i < value.size(); ++i) {
    value[i] = owner[i] < comm.size() ? value_of(most[i]) : 0;
    if (owner[i] != comm.rank()) at[i] = -1;
  }
}

Tensor spread(const Batch& batch, const Index& where, const Tensor& graphs) {
  const Tensor y = over(batch.nodes(), graphs.cols(), graphs);
  kernels::table(y.device()).unpick(in(graphs), where.data(), batch.graph_of_row().data(), out(y));
  return autograd::record(
      "spread", {graphs}, y,
      [batch, where](const std::vector<Tensor>&, const Tensor&, const Tensor& dy, const std::vector<char>&) {
        const Tensor one = Tensor::full(batch.n_graphs(), dy.cols(), 1, dy.dtype(), nullptr, dy.device());
        return std::vector<Tensor>{graph_sum(batch, multiply(dy, spread(batch, where, one)))};
      });
}

}  // namespace halograph::ops
