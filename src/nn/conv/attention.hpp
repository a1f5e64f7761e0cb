// SPDX-License-Identifier: BSD-3-Clause
// What the attention layers share.
#pragma once

#include <string>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/conv/gat_conv.hpp>

namespace halograph::nn {

/// Throws UsageError, naming the layer, where options make no sense.
void check_attention(const char* layer, const std::string& name, const GATConvOptions& options);

/// The edges that attention runs over, and their features: [n_edges, 0] where there are none.
struct AttentionEdges {
  Graph graph;
  Tensor attr;
};

/// With add_self_loops all loops are replaced by one for each node, whose features are the mean over the other
/// in-edges.
AttentionEdges attention_edges(const char* layer, const std::string& name, const GATConvOptions& options,
                               const Graph& graph, const Tensor& x, const Tensor& edge_attr);

/// y [n_nodes, heads * out] by heads side by side or their mean, (+ res(x)) + bias.
Tensor finish_attention(const GATConvOptions& options, Tensor y, const Tensor& x, const Linear& res,
                        const Tensor& bias);

/// A tensor of the layer, drawn as PyTorch Geometric draws its [1, heads, out].
Tensor attention_vector(const Scope& scope, const char* part, const GATConvOptions& options);
/// The layer's bias, 0.
Tensor attention_bias(const Scope& scope, const GATConvOptions& options);
/// `res`, without bias.
Linear attention_residual(const Scope& scope, const GATConvOptions& options);

}  // namespace halograph::nn
