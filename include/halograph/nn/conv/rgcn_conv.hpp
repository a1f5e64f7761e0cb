// SPDX-License-Identifier: BSD-3-Clause
// Relational graph convolution: a matrix for each type of edge, aggregates over the in-edges of a type (Schlichtkrull
// et al., "Modeling relational data with graph convolutional networks", 2018), named as in PyTorch Geometric. With sums
// and means no message is written: memory is that of nodes.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/scope.hpp>
#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct RGCNConvOptions {
  std::int64_t in_channels = 0, out_channels = 0, num_relations = 1;
  std::int64_t num_bases = 0;  ///< matrices of relations are sums over this many; 0: each has its own
  ops::Aggregation aggr = ops::Aggregation::mean;
  bool root_weight = true, bias = true;
};

/// y_i = x_i root + bias + sum over relations r of (aggr over in-edges (j -> i) of relation r of x_j) W_r. Parameters
/// `weight` [num_relations * in, out], with W_r, which is not transposed, in rows r * in to (r + 1) * in; with bases
/// `weight` [num_bases * in, out] and `comp` [num_relations, num_bases], W_r = sum_b comp_rb weight_b; `root` [in,
/// out]; `bias` [1, out]. Glorot-uniform, bias 0.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class RGCNConv {
 public:
  using Options = RGCNConvOptions;
  RGCNConv(const Scope& scope, const RGCNConvOptions& options);

  /// `graphs` of typed_graphs(), one a relation; x [n_nodes, in] -> [n_nodes, out]. Collective: a halo exchange for
  /// each relation, of as many channels as the narrower side of W_r has, of `in` where `aggr` is no sum or mean.
  Tensor operator()(const std::vector<Subgraph>& graphs, const Tensor& x) const;

 private:
  Tensor relation_weight(std::int64_t relation) const;

  std::string name_;
  RGCNConvOptions options_;
  Tensor weight_, comp_, root_, bias_;
};

}  // namespace halograph::nn
