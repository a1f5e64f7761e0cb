// SPDX-License-Identifier: BSD-3-Clause
// Gated graph layers: a recurrent unit on every node, fed with what its neighbours send (Li et al., "Gated graph
// sequence neural networks", 2016), in the form and with the names of PyTorch Geometric: a matrix for each step, one
// recurrent unit for all. See typed_ggnn.hpp for edges of several types.
#pragma once

#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/gru_cell.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct GatedGraphConvOptions {
  std::int64_t out_channels = 0, num_layers = 1;
  ops::Aggregation aggr = ops::Aggregation::sum;
  bool bias = true;  ///< of the recurrent unit
};

/// h = [x | 0]; for each layer l: h = GRU(aggr over in-edges e = (j -> i) of w_e * (h_j W_l), h_i). Parameters `weight`
/// [num_layers * out, out] with W_l, which is not transposed, in rows l * out to (l + 1) * out, uniform within
/// +-1 / sqrt(out), and those of the GRUCell `rnn`.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GatedGraphConv {
 public:
  using Options = GatedGraphConvOptions;
  GatedGraphConv(const Scope& scope, const GatedGraphConvOptions& options);

  /// x [n_nodes, c] with c <= out, edge_weight [n_edges, 1] -> [n_nodes, out]. Collective: a halo exchange of `out`
  /// channels for each layer.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

 private:
  std::string name_;
  GatedGraphConvOptions options_;
  Tensor weight_;
  GRUCell rnn_;
};

}  // namespace halograph::nn
