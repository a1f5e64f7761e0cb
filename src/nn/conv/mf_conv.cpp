// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/mf_conv.hpp>

#include <algorithm>
#include <array>

#include <halograph/core/error.hpp>
#include <halograph/ops/select.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {

MFConv::MFConv(const Scope& scope, const MFConvOptions& options) : name_(scope.name()) {
  require(options.max_degree >= 0, "MFConv ", name_, ": max_degree is ", options.max_degree, "; it is not negative");
  for (int d = 0; d <= options.max_degree; ++d) {
    lins_l_.emplace_back(scope / cat("lins_l.", d), options.in_channels, options.out_channels,
                         LinearOptions{.bias = options.bias});
    lins_r_.emplace_back(scope / cat("lins_r.", d), options.in_channels, options.out_channels,
                         LinearOptions{.bias = false});
  }
}

const std::vector<RowSelection>& MFConv::nodes_by_degree(const Graph& graph) const {
  if (degrees_->edges.lock() == graph.edges()) return degrees_->nodes;
  const std::vector<std::int32_t> offset = graph.edge_offset().to_vector();
  std::vector<std::vector<std::int32_t>> rows(lins_l_.size());
  for (std::size_t r = 0; r + 1 < offset.size(); ++r) {
    const std::size_t degree = std::size_t(offset[r + 1] - offset[r]);
    rows[std::min(degree, rows.size() - 1)].push_back(std::int32_t(r));
  }
  degrees_->nodes.clear();
  for (const auto& of_degree : rows) degrees_->nodes.emplace_back(graph.nodes(), of_degree, graph.device());
  degrees_->edges = graph.edges();
  return degrees_->nodes;
}

Tensor MFConv::operator()(const Graph& graph, const Tensor& x) const {
  require(x.defined() && x.cols() == lins_l_[0].weight.cols(), "MFConv ", name_, ": ", x, " for ",
          lins_l_[0].weight.cols(), " channels");
  const Tensor sum = ops::neighbour_sum(graph, x);
  const std::vector<RowSelection>& nodes = nodes_by_degree(graph);
  std::vector<Tensor> parts;
  for (std::size_t d = 0; d < nodes.size(); ++d) {
    const std::array<Tensor, 2> rows{ops::select_rows(nodes[d], sum), ops::select_rows(nodes[d], x)};
    const std::array<Tensor, 2> weight{lins_l_[d].weight, lins_r_[d].weight};
    parts.push_back(ops::linear(rows, ops::concatenate(weight), lins_l_[d].bias));
  }
  return ops::place_rows(nodes, parts);
}

}  // namespace halograph::nn
