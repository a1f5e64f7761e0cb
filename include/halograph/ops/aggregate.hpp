// SPDX-License-Identifier: BSD-3-Clause
// What arrives at a node from its in-edges, by the names of PyTorch Geometric: sums, means, extremes, products, spreads
// and softmax-weighted sums, one or several side by side. All run over a node's in-edges in edge order at its owner;
// nothing here communicates, except second derivatives of the product, which ask all ranks for the largest in-degree.
// Nodes without in-edges give 0 with zero gradient, the product gives 1.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

enum class Aggregation : std::uint8_t { sum, mean, max, min, mul, var, std, softmax };
/// "sum" and so on; "add" is another word for "sum". Throws UsageError naming the known ones.
Aggregation parse_aggregation(std::string_view word);
std::string_view name_of(Aggregation aggregation);

/// nodes [n_nodes, c] of edges [n_edges, c]. `softmax` is the sum of segment_softmax(edges) * edges.
Tensor aggregate(const Graph& graph, const Tensor& edges, Aggregation aggregation);
/// Several of them: [n_nodes, list.size() * c], columns in the order of the list.
Tensor aggregate(const Graph& graph, const Tensor& edges, std::span<const Aggregation> list);

/// edges: exp(x_e - m) / (sum over the in-edges of the same target + 1e-16) in each column, m the largest of them,
/// through which no gradient goes.
Tensor segment_softmax(const Graph& graph, const Tensor& edges);

/// nodes: the product over in-edges, in edge order; 1 without any. Exact derivatives also where factors are 0.
Tensor segment_product(const Graph& graph, const Tensor& edges);

/// nodes: the mean over in-edges and the mean of (x - mean)^2, in one pass over the edges, and back.
struct Moments {
  Tensor mean, variance;  ///< [n_nodes, c]
};
Moments segment_moments(const Graph& graph, const Tensor& edges);

/// nodes: mean (x - mean x)^2 over in-edges, of centred values, so never below 0.
Tensor segment_var(const Graph& graph, const Tensor& edges);
/// nodes: the root of segment_var where that is above 1e-5; elsewhere 0 with zero gradient.
Tensor segment_std(const Graph& graph, const Tensor& edges);

}  // namespace halograph::ops
