// SPDX-License-Identifier: BSD-3-Clause
// The symmetrically normalised adjacency of Kipf and Welling (arXiv:1609.02907) that GCNConv and its relatives multiply
// with: A^ = D^-1/2 A D^-1/2, (A^ x)_i = d_i^-1/2 sum over in-edges (j -> i) of w_ji d_j^-1/2 x_j, with
// d_i = sum of w_ji over in-edges, loops included, and d^-1/2 = 0 where d = 0. The factors stand at the nodes, before
// and after the sum, so an edge costs one multiplication a channel and weights of edges alone are kept; gradients go
// through weights and degrees.
#pragma once

#include <string>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::nn {

struct AdjacencyOptions {
  bool add_self_loops = true;                 ///< one loop for each node that has none; of several the last one stays
  double fill_value = 1;                      ///< weight of a loop that is added
  bool normalize = true;                      ///< false: A itself
  std::string layer = "NormalisedAdjacency";  ///< who is named in errors
};

/// d^-1/2 of each element, and 0 with zero gradient where d = 0. NaN where d < 0.
Tensor inverse_root(const Tensor& degree);

/// Throws UsageError on all ranks alike, naming `layer` and the first node by patch and row, if a degree [n_nodes, 1]
/// is negative. Collective.
void require_degrees(const std::string& layer, const Graph& graph, const Tensor& degree);

/// Multiplies with A^. One thread may call at a time.
class NormalisedAdjacency {
 public:
  /// `edge_weight` [n_edges, 1] or undefined (1). Collective where weights are given or loops are added to a graph for
  /// the first time. Throws UsageError naming the node if its degree is negative; without weights none can be, and
  /// nothing is looked at.
  NormalisedAdjacency(const Graph& graph, const Tensor& edge_weight, DType dtype, const AdjacencyOptions& options);

  /// A^ x, [n_nodes, c]. Collective.
  Tensor operator()(const Tensor& x) const;

 private:
  Graph graph_;
  Tensor weight_;        ///< [n_edges, 1]
  Tensor inverse_root_;  ///< [n_nodes, 1] d^-1/2, undefined without normalisation
};

}  // namespace halograph::nn
