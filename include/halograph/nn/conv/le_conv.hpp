// SPDX-License-Identifier: BSD-3-Clause
// The local extremum operator (Ranjan, Sanyal, Talukdar, "ASAP: adaptive structure aware pooling for learning hierarchical
// graph representations", 2020), named as in PyTorch Geometric. What neighbours and the node itself send is subtracted
// after the sum, so no message is written.
#pragma once

#include <string>
#include <vector>

#include <halograph/graph/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct LEConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  bool bias = true;  ///< of `lin1` and `lin3`
};

/// y_i = lin3(x_i) + sum over in-edges (j -> i) of w_ji (lin1(x_j) - lin2(x_i)).
class LEConv {
 public:
  LEConv(std::string name, const LEConvOptions& options, DType dtype, const Random& random);

  /// x [n_nodes, in], edge_weight [n_edges, 1] (undefined: 1) -> [n_nodes, out]. Collective: a halo exchange of `out`
  /// channels.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight = {}) const;

  void collect(std::vector<NamedTensor>& parameters) const;

 private:
  Linear lin1_, lin2_, lin3_;
};

}  // namespace halograph::nn
