// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/batch.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <string>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

std::string problem_of(const RowSpace& nodes, const std::vector<std::int32_t>& graph_of_row, std::int64_t n_graphs) {
  if (std::int64_t(graph_of_row.size()) != nodes.local_rows())
    return cat("Batch: ", graph_of_row.size(), " graph numbers for ", nodes.local_rows(), " rows");
  for (const std::int32_t graph : graph_of_row)
    if (graph < 0 || graph >= n_graphs) return cat("Batch: graph number ", graph, " is not in 0..", n_graphs - 1);
  return {};
}

}  // namespace

Batch::Batch(RowSpacePtr nodes, const std::vector<std::int32_t>& graph_of_row, std::int64_t n_graphs, Device device)
    : nodes_(std::move(nodes)), n_graphs_(n_graphs) {
  const Communicator& comm = nodes_->comm();
  const std::int64_t least = comm.min(n_graphs), most = comm.max(n_graphs);
  require(least == most, "Batch: the ranks name between ", least, " and ", most, " graphs");
  require(most >= 1 && most <= std::numeric_limits<std::int32_t>::max(), "Batch: ", most,
          " graphs; a batch has 1 to 2^31 - 1 of them");
  agree<UsageError>(comm, problem_of(*nodes_, graph_of_row, n_graphs));
  graph_of_row_ = Index(graph_of_row, device);
  std::vector<std::int64_t> count(std::size_t(n_graphs), 0);
  for (const std::int32_t graph : graph_of_row) ++count[std::size_t(graph)];
  sizes_ = std::make_shared<const std::vector<std::int64_t>>(comm.sum(std::span<const std::int64_t>(count)));
}

Batch::Batch(const Graph& graph)
    : Batch(graph.nodes(), std::vector<std::int32_t>(std::size_t(graph.n_nodes()), 0), 1, graph.device()) {}

Tensor Batch::divisor(DType dtype) const {
  std::vector<double> size;
  for (const std::int64_t n : *sizes_) size.push_back(double(std::max<std::int64_t>(n, 1)));
  return Tensor::from(size, n_graphs_, 1, dtype, nullptr, graph_of_row_.device());
}

}  // namespace halograph
