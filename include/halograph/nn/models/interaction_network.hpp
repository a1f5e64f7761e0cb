// SPDX-License-Identifier: BSD-3-Clause
// The interaction network (Battaglia et al., arXiv:1612.00222) in the form of JEDI-net (Moreno et al.,
// arXiv:1908.05318):
//   e_ij = f_R([x_i | x_j]) for each edge j -> i,  o_i = f_O([x_i | sum over in-edges of e_ij])
//   none:    y = o;  sum: y_g = f_C(sum over the nodes of graph g of o_i);  flatten: y_g = f_C(all o_i of g side by
//   side)
// f_R, f_O and f_C have three linear layers of widths H, H / 2 and their output, with an activation after each; that of
// f_C's last layer is left out. The first layer of f_R is multiplied once a node for receivers and once for senders,
// and the sum is formed edge by edge on the way (Mlp::on_pairs): nothing is written per pair. Edges are the caller's:
// JEDI-net has those of complete_graph().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/mlp.hpp>

namespace halograph::nn {

struct InteractionNetworkOptions {
  enum class Readout : std::uint8_t { none, sum, flatten };

  std::int64_t in_channels = 0;
  std::int64_t hidden = 0;    ///< H
  std::int64_t edge_out = 0;  ///< outputs of f_R
  std::int64_t node_out = 0;  ///< outputs of f_O
  ops::Activation activation = ops::Activation::relu;
  Readout readout = Readout::none;
  std::int64_t targets = 0;       ///< outputs of f_C
  std::int64_t constituents = 0;  ///< flatten: places for nodes in each graph
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class InteractionNetwork {
 public:
  using Options = InteractionNetworkOptions;

  /// `<name>.fr.k`, `<name>.fo.k` and, with a readout, `<name>.fc.k` for k = 0, 1, 2: weight and bias each.
  InteractionNetwork(const Scope& scope, const InteractionNetworkOptions& options);

  /// x [n_nodes, in_channels] -> o [n_nodes, node_out]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;
  /// With readout sum: replicated [n_graphs, targets]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x) const;
  /// With readout flatten: place [n_nodes], 0 .. constituents - 1, says where a node stands among those of its graph;
  /// places without a node are 0. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x,
                    const std::vector<std::int32_t>& place) const;

 private:
  std::string name_;
  InteractionNetworkOptions options_;
  Mlp fr_, fo_, fc_;
};

}  // namespace halograph::nn
