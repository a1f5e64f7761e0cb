// SPDX-License-Identifier: BSD-3-Clause
// What a node gets from its neighbours in GravNet (arXiv:1902.07987): mean and maximum of their features, weighted by
// how near they are in a learnt space.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// Weights of edges by the distance d of their ends: exp(-scale d^2), or exp(-scale d^4), 0 where they are faint
/// (fading.hpp). A scale is not negative.
struct GravnetPotential {
  double scale = 10;
  bool quartic = false;
};

struct GravnetMessages {
  Tensor mean, max;  ///< [n_nodes, c]; 0 without in-edges
};

/// edges [n_edges, 1]: the weights, `space` [n_nodes, s]. Collective.
Tensor gravnet_weights(const Graph& graph, const Tensor& space, const GravnetPotential& potential);

/// Mean and maximum over in-edges of weight times the features [n_nodes, c] of the source. Messages are never written:
/// what is kept beside the inputs is where the maxima came from. Collective.
GravnetMessages gravnet_messages(const Graph& graph, const Tensor& features, const Tensor& weights);

}  // namespace halograph::ops
