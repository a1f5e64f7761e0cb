// SPDX-License-Identifier: BSD-3-Clause
// The message of networks that carry vectors in space beside scalars (PaiNN, arXiv:2102.03150), summed where it
// arrives: weights and directions of edges are read, nothing per edge is written. The backward pass writes the
// gradients of the weights and nothing else per edge. Values and gradients have the bits of the weighted sums that make
// up the message; second derivatives go by these.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// nodes [n_nodes, 4 F] = [q | u_x | u_y | u_z] with
///   q = sum over in-edges of w1 s_j,   u_a = sum of w2 r_a g_j + sum of w3 v_ja
/// where `nodes` and their halo `ghosts` hold [s | g] or, with vectors, [s | g | v_x | v_y | v_z], F columns each,
/// `weight` [n_edges, 3 F] = [w1 | w2 | w3], and `direction` [n_edges, 3] = r. Without vectors w3 is not used.
Tensor vector_message(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight,
                      const Tensor& direction);

}  // namespace halograph::ops
