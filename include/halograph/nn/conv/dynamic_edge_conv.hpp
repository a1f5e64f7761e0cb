// SPDX-License-Identifier: BSD-3-Clause
// The edge convolution on a graph of its own making, Wang et al. (arXiv:1801.07829): every node's neighbours are the k
// nearest by its features, itself included, in each call anew,
//   x'_i = aggr over the k nearest j of nn([x_i | x_j - x_i])
// Which nodes are near carries no gradient. Ties are decided by node id, so the neighbours, as all results, are the
// same for every number of ranks. Collective: see graph/knn.hpp for the search and edge_conv.hpp for the rest.
#pragma once

#include <cstdint>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/conv/edge_conv.hpp>

namespace halograph::nn {

struct DynamicEdgeConvOptions {
  SequentialOptions nn;  ///< from 2 c channels
  std::int64_t k = 0;    ///< neighbours, the node itself among them; all there are where there are fewer
  ops::Aggregation aggr = ops::Aggregation::max;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class DynamicEdgeConv {
 public:
  using Options = DynamicEdgeConvOptions;

  /// `nn.0.weight`, `nn.0.bias`, `nn.2.weight`, ...
  DynamicEdgeConv(const Scope& scope, const DynamicEdgeConvOptions& options);

  /// x [n_nodes, c] over the nodes of `graph`, whose edges play no part -> [n_nodes, out]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;
  /// The same with neighbours in the same graph of a batch. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x) const;

 private:
  std::int64_t k_;
  EdgeConv conv_;
};

}  // namespace halograph::nn
