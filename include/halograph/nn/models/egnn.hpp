// SPDX-License-Identifier: BSD-3-Clause
// Several EGNNConv one after the other between two linear layers (arXiv:2102.09844, the authors' EGNN): features that
// rotations, reflections and translations of the points leave alone, and points that move with them.
#pragma once

#include <vector>

#include <halograph/nn/conv/egnn_conv.hpp>

namespace halograph::nn {

struct EGNNOptions {
  std::int64_t in_channels = 0, hidden_channels = 0, out_channels = 0;
  std::int64_t edge_dim = 0;
  int num_layers = 4;
  bool residual = true, attention = false, normalize = false, tanh = false;
  ops::Aggregation coords_agg = ops::Aggregation::mean;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class EGNN {
 public:
  using Result = EGNNConv::Result;

  using Options = EGNNOptions;

  /// `embedding_in.*`, `embedding_out.*`, `gcl_l...`
  EGNN(const Scope& scope, const EGNNOptions& options);

  /// x [n_nodes, in], pos [n_nodes, d]; edge_attr and shift as EGNNConv. Collective.
  Result operator()(const Graph& graph, const Tensor& x, const Tensor& pos, const Tensor& edge_attr = {},
                    const Tensor& shift = {}) const;

 private:
  Linear embedding_in_, embedding_out_;
  std::vector<EGNNConv> layers_;
};

}  // namespace halograph::nn
