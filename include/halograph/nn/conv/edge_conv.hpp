// SPDX-License-Identifier: BSD-3-Clause
// The edge convolution of dynamic graph CNNs, Wang et al. (arXiv:1801.07829):
//   x'_i = aggr over in-edges (j -> i) of nn([x_i | x_j - x_i])
// With the first layer's weight [W1 | W2], W1 x_i + W2 (x_j - x_i) = (W1 - W2) x_i + W2 x_j: two products over nodes,
// and edges begin behind the first layer. Sum and mean run through the network edge by edge and keep nothing per edge;
// the other aggregators keep its results, [n_edges, out]. A single layer with sum or mean needs no edges at all.
// Collective: one exchange of W2 x.
#pragma once

#include <string>

#include <halograph/nn/mlp.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct EdgeConvOptions {
  SequentialOptions nn;  ///< from 2 c channels
  ops::Aggregation aggr = ops::Aggregation::max;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class EdgeConv {
 public:
  using Options = EdgeConvOptions;

  /// `nn.0.weight`, `nn.0.bias`, `nn.2.weight`, ...
  EdgeConv(const Scope& scope, const EdgeConvOptions& options);

  /// x [n_nodes, c] -> [n_nodes, out], 0 without in-edges. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;

 private:
  Tensor without_edges(const Graph& graph, const Tensor& target, const Tensor& source) const;

  std::string name_;
  EdgeConvOptions options_;
  Mlp nn_;
};

}  // namespace halograph::nn
