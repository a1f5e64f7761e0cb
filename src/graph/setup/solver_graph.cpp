// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/setup/solver_graph.hpp>

#include "core/transfer.hpp"
#include "core/views.hpp"

namespace halograph {

SolverGraph::SolverGraph(Graph graph, Index local_of_row, std::shared_ptr<Exchange> copies,
                         std::vector<std::int32_t> multiplicity)
    : graph_(std::move(graph)),
      local_of_row_(std::move(local_of_row)),
      copies_(std::move(copies)),
      multiplicity_(std::move(multiplicity)) {
  const std::vector<std::int32_t> local = local_of_row_.to_vector();
  leading_ = true;
  for (std::size_t i = 0; i < local.size(); ++i) leading_ = leading_ && local[i] == std::int32_t(i);
}

SolverGraph::SolverGraph(const SolverGraph& other, Positions positions) : SolverGraph(other) {
  positions_ = std::make_shared<const Positions>(std::move(positions));
}

Tensor SolverGraph::from_local(const Tensor& local) const {
  require(local.rows() == n_local(), "from_local: ", local.describe(), " for ", n_local(), " local nodes");
  // A solver's array is host memory, wherever the graph works.
  if (local.device() != graph_.device()) {
    const Tensor there = Tensor::empty(local.rows(), local.cols(), local.dtype(), nullptr, graph_.device());
    copy(local, there);
    return from_local(there);
  }
  const Tensor rows = Tensor::empty(graph_.n_nodes(), local.cols(), local.dtype(), graph_.nodes(), graph_.device());
  kernels::table(graph_.device()).gather_rows(in(local), {}, local_of_row_.data(), out(rows));
  return rows;
}

Tensor SolverGraph::view_of_local(const Tensor& local) const {
  require(local.rows() == n_local(), "view_of_local: ", local.describe(), " for ", n_local(), " local nodes");
  if (!leading_ || local.device() != graph_.device()) return {};
  const Tensor rows = local.row_view(0, graph_.n_nodes());
  rows.handle()->row_space = graph_.nodes();
  return rows;
}

Tensor SolverGraph::to_local(const Tensor& rows) const {
  require(rows.row_space() == graph_.nodes(), "to_local: ", rows.describe(),
          " does not have the rows of the graph's nodes");
  return copies_->start(rows, nullptr);
}

}  // namespace halograph
