// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/dropout.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

#include "core/mixed.hpp"

namespace halograph::nn {
namespace {

std::vector<std::int64_t> row_keys(const Graph& graph, const Tensor& x) {
  if (!x.partitioned()) return {};
  if (x.row_space() == graph.nodes()) return graph.node_id();
  require(x.row_space() == graph.edges(), "Dropout: needs nodes or edges of the graph or a replicated tensor, not ", x);
  return edge_keys(graph);
}

}  // namespace

std::vector<std::int64_t> edge_keys(const Graph& graph) {
  const std::vector<std::int32_t> target = graph.target_row().to_vector(), source = graph.source_row().to_vector();
  const std::int64_t n = graph.n_nodes();
  std::vector<std::int64_t> keys;
  keys.reserve(target.size());
  std::uint64_t place = 0;
  // Edges are sorted by target and source: equals follow one another.
  for (std::size_t e = 0; e < target.size(); ++e) {
    place = e > 0 && target[e] == target[e - 1] && source[e] == source[e - 1] ? place + 1 : 0;
    const std::int64_t from =
        source[e] < n ? graph.node_id()[std::size_t(source[e])] : graph.ghost_id()[std::size_t(source[e] - n)];
    const std::int64_t to = graph.node_id()[std::size_t(target[e])];
    keys.push_back(std::int64_t(mixed(mixed(mixed(std::uint64_t(to)) ^ std::uint64_t(from)) ^ place)));
  }
  return keys;
}

Dropout::Dropout(const Scope& scope, double p) : name_(scope.name()), p_(p), random_(scope.random()) {
  require(p >= 0 && p <= 1, "Dropout ", name_, ": p is ", p, "; it is a probability");
}

Tensor Dropout::operator()(const Graph& graph, const Tensor& x, const Mode& mode) const {
  if (!mode.training || p_ == 0) return x;
  const Tensor draw = Tensor::empty(x.rows(), x.cols(), x.dtype(), x.row_space(), x.device());
  random_.fill_uniform(draw, cat(name_, ".dropout.", mode.step), -p_, 1 - p_, row_keys(graph, x));
  return ops::multiply(x, ops::scale_shift(ops::step(draw), p_ < 1 ? 1 / (1 - p_) : 0));
}

}  // namespace halograph::nn
