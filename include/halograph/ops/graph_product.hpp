// SPDX-License-Identifier: BSD-3-Clause
// Differentiable products of node rows with a matrix of each graph of a batch, and the sums and extremes over nodes
// that make such matrices: what aggregators that all nodes of a graph share are built of. A matrix [a, p] of each graph
// is a row of a replicated [n_graphs, a * p] tensor. Nothing as large as n_nodes * a * p is ever written. graph_outer,
// graph_product and graph_dot are closed under differentiation. All are collective forward or backward.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::ops {

/// Nodes left [n, a] and right [n, p] -> [n_graphs, a * p]: for each graph the sum over its nodes of left^T right,
/// along the tree of patches. Collective.
Tensor graph_outer(const Batch& batch, const Tensor& left, const Tensor& right);

/// The same with the largest product of each pair of columns instead of the sum, 0 for a graph without nodes.
/// Collective.
Tensor graph_outer_max(const Batch& batch, const Tensor& left, const Tensor& right);

/// Nodes left [n, a] and matrices [n_graphs, a * p] -> nodes [n, p]: each row times the matrix of its graph, one chain
/// of fused multiply-adds.
Tensor graph_product(const Batch& batch, const Tensor& left, const Tensor& matrices);

/// Nodes right [n, p] and matrices [n_graphs, a * p] -> nodes [n, a]: each row times the transposed matrix of its
/// graph.
Tensor graph_dot(const Batch& batch, const Tensor& right, const Tensor& matrices);

}  // namespace halograph::ops
