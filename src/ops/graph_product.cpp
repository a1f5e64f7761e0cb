// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/graph_product.hpp>

#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"
#include "ops/graph_largest.hpp"
#include "ops/patch_tree.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

void check_pair(const char* name, const Batch& batch, const Tensor& left, const Tensor& right) {
  require_rows(name, left, batch.nodes());
  require_rows(name, right, batch.nodes());
  require_alike(name, left, right);
  require(left.cols() > 0 && right.cols() > 0, name, ": needs columns, not ", left, " and ", right);
}

/// The number of the other columns of the matrices.
std::int64_t check_matrices(const char* name, const Batch& batch, const Tensor& nodes, const Tensor& matrices) {
  require_rows(name, nodes, batch.nodes());
  require_alike(name, nodes, matrices);
  require(!matrices.partitioned() && matrices.rows() == batch.n_graphs() && nodes.cols() > 0 &&
              matrices.cols() % nodes.cols() == 0,
          name, ": ", nodes, " with matrices ", matrices, " of ", batch.n_graphs(), " graphs");
  return matrices.cols() / nodes.cols();
}

Tensor contiguous(const Tensor& x) {
  if (x.stride() == x.cols()) return x;
  const Tensor y = with_rows_of(x, x.cols());
  kernels::table(x.device()).copy(in(x), out(y));
  return y;
}

/// A contiguous matrix with its elements in rows of another length.
kernels::In folded(const Tensor& x, std::int64_t cols) {
  return {x.data(), x.dtype(), x.rows() * x.cols() / cols, cols, cols};
}

/// One entry for each node v and row k of its graph's matrix: numbers of the node, of the row among all matrices' rows,
/// and where each node's entries begin.
struct Entries {
  Entries(const char* name, const Batch& batch, std::int64_t a) {
    const std::vector<std::int32_t> graph = batch.graph_of_row().to_vector();
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    require_all(batch.nodes()->comm(), std::int64_t(graph.size()) * a <= most && batch.n_graphs() * a <= most, name,
                ": ", graph.size(), " nodes and ", batch.n_graphs(), " graphs with ", a,
                " columns each exceed 32-bit numbers");
    std::vector<std::int32_t> nodes, rows, offsets{0};
    nodes.reserve(graph.size() * std::size_t(a));
    rows.reserve(graph.size() * std::size_t(a));
    offsets.reserve(graph.size() + 1);
    for (std::size_t v = 0; v < graph.size(); ++v) {
      for (std::int64_t k = 0; k < a; ++k) {
        nodes.push_back(std::int32_t(v));
        rows.push_back(std::int32_t(graph[v] * a + k));
      }
      offsets.push_back(std::int32_t(nodes.size()));
    }
    const Device device = batch.graph_of_row().device();
    node = Index(nodes, device);
    row = Index(rows, device);
    offset = Index(offsets, device);
  }
  Index node, row, offset;
};

}  // namespace

Tensor graph_outer(const Batch& batch, const Tensor& left, const Tensor& right) {
  constexpr const char* name = "graph_outer";
  check_pair(name, batch, left, right);
  const std::int64_t a = left.cols(), p = right.cols(), block = batch.n_graphs() * p;
  const auto& table = kernels::table(left.device());
  const PatchRows rows(left);
  const Tensor partials = rows.partials(a * block, left), products = with_rows_of(right, p);
  for (std::int64_t k = 0; k < a; ++k) {
    table.binary(kernels::Binary::multiply, in(right), in(left.column_view(k, 1)), out(products));
    table.group_sums(in(products), {batch.graph_of_row().data(), batch.n_graphs()}, rows.view(),
                     out(partials.column_view(k * block, block)));
  }
  // The sums stand by columns of `left`, then by graphs.
  const Tensor total = rows.total(partials),
               y = Tensor::empty(batch.n_graphs(), a * p, left.dtype(), nullptr, left.device());
  for (std::int64_t k = 0; k < a; ++k)
    table.copy(folded(total.column_view(k * block, block), p), out(y.column_view(k * p, p)));
  return record(name, {left, right}, y,
                [batch](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{wanted[0] ? graph_dot(batch, given[1], dy) : Tensor(),
                                 wanted[1] ? graph_product(batch, given[0], dy) : Tensor()};
                });
}

Tensor graph_outer_max(const Batch& batch, const Tensor& left, const Tensor& right) {
  constexpr const char* name = "graph_outer_max";
  check_pair(name, batch, left, right);
  const std::int64_t a = left.cols(), p = right.cols();
  Largest largest;
  const Tensor products = with_rows_of(right, p);
  for (std::int64_t k = 0; k < a; ++k) {
    kernels::table(left.device())
        .binary(kernels::Binary::multiply, in(right), in(left.column_view(k, 1)), out(products));
    append_largest(largest, batch, products);
  }
  settle_largest(largest, batch.nodes()->comm());
  const Tensor y = Tensor::empty(batch.n_graphs(), a * p, left.dtype(), nullptr, left.device());
  std::vector<Index> where;
  for (std::int64_t k = 0; k < a; ++k) {
    const auto part = [&](const auto& all) {
      const auto begin = all.begin() + k * batch.n_graphs() * p;
      return std::vector(begin, begin + batch.n_graphs() * p);
    };
    where.emplace_back(part(largest.at), left.device());
    const Tensor values = Tensor::from(part(largest.value), batch.n_graphs(), p, left.dtype(), nullptr, left.device());
    kernels::table(left.device()).copy(in(values), out(y.column_view(k * p, p)));
  }
  return record(name, {left, right}, y,
                [batch, where](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted&) {
                  const std::int64_t width = given[1].cols();
                  Tensors to_left;
                  Tensor to_right;
                  for (std::size_t k = 0; k < where.size(); ++k) {
                    const Tensor there = spread(batch, where[k], slice_columns(dy, std::int64_t(k) * width, width));
                    to_left.push_back(sum_columns(multiply(there, given[1])));
                    const Tensor share = multiply(there, slice_columns(given[0], std::int64_t(k), 1));
                    to_right = k == 0 ? share : add(to_right, share);
                  }
                  return Tensors{concatenate(to_left), to_right};
                });
}

Tensor graph_product(const Batch& batch, const Tensor& left, const Tensor& matrices) {
  constexpr const char* name = "graph_product";
  const std::int64_t p = check_matrices(name, batch, left, matrices);
  const Entries entries(name, batch, left.cols());
  const Tensor y = with_rows_of(left, p), weight = contiguous(left), value = contiguous(matrices);
  kernels::WeightedSumTask task;
  task.value = folded(value, p);
  task.row = entries.row.data();
  task.offset = entries.offset.data();
  task.weight = folded(weight, 1);
  task.y = out(y);
  kernels::table(y.device()).weighted_sum(task);
  return record(name, {left, matrices}, y,
                [batch](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{wanted[0] ? graph_dot(batch, dy, given[1]) : Tensor(),
                                 wanted[1] ? graph_outer(batch, given[0], dy) : Tensor()};
                });
}

Tensor graph_dot(const Batch& batch, const Tensor& right, const Tensor& matrices) {
  constexpr const char* name = "graph_dot";
  const std::int64_t a = check_matrices(name, batch, right, matrices);
  const Entries entries(name, batch, a);
  const Tensor y = with_rows_of(right, a), value = contiguous(matrices);
  kernels::EdgeDotTask task;
  task.left = in(right);
  task.left_row = entries.node.data();
  task.right = folded(value, right.cols());
  task.right_row = entries.row.data();
  task.y = {y.data(), y.dtype(), y.rows() * a, 1, 1};
  kernels::table(y.device()).edge_dot(task);
  return record(name, {right, matrices}, y,
                [batch](const Tensors& given, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{wanted[0] ? graph_product(batch, dy, given[1]) : Tensor(),
                                 wanted[1] ? graph_outer(batch, dy, given[0]) : Tensor()};
                });
}

}  // namespace halograph::ops
