// SPDX-License-Identifier: BSD-3-Clause
// Scores of attention between nodes: for each edge and head a weighted sum over the channels of the head. Channels of
// several heads stand side by side, [n, heads * c]; the weights of a head are a row of `att` [heads, c].
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// [heads, c] as [heads, heads * c], row h with its values in the columns of head h: linear(x, by_heads(att)) has for
/// each row and head the product of att with the head's channels.
Tensor by_heads(const Tensor& att);

/// edges [n_edges, heads]: att_h . leaky_relu(target[t] + source[s] + e W^T)_h, with `ghosts` the halo of `source`,
/// `edges` [n_edges, d] and `weight` [heads * c, d], d may be 0. Sums over channels are made in cache: nothing is kept
/// per edge but the scores, forward and backward.
Tensor attention_scores(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                        const Tensor& edges, const Tensor& weight, const Tensor& att, double negative_slope);

}  // namespace halograph::ops
