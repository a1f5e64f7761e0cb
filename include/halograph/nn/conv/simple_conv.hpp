// SPDX-License-Identifier: BSD-3-Clause
// Message passing without parameters: aggregates of neighbours, and what becomes of the node's own features.
//   a_i = aggr over in-edges (j -> i) of w_ji x_j, several aggregators side by side
//   x'_i = a_i | a_i + x_i | [x_i, a_i] | a_i over the in-edges and one loop of weight 1 at each node
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

enum class CombineRoot : std::uint8_t { none, sum, cat, self_loop };
/// "sum" and so on. Throws UsageError naming the known ones.
CombineRoot parse_combine_root(std::string_view word);
std::string_view name_of(CombineRoot choice);

struct SimpleConvOptions {
  std::vector<ops::Aggregation> aggr{ops::Aggregation::sum};
  CombineRoot combine_root = CombineRoot::none;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class SimpleConv {
 public:
  explicit SimpleConv(const SimpleConvOptions& options = {});

  /// x [n_nodes, c], edge_weight [n_edges, 1] or undefined (1) -> [n_nodes, aggregators * c], with cat c more.
  /// Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  SimpleConvOptions options_;
};

}  // namespace halograph::nn
