// SPDX-License-Identifier: BSD-3-Clause
// Does the fused operations again with single ones, with the same bits. Second derivatives differentiate these forms,
// tests compare with them, and networks that do not fit the fused form run by them. Arguments, results and errors are
// those of the operation that is named after `composed_`.
#pragma once

#include <span>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/mlp.hpp>

namespace halograph::ops {

Tensor composed_mlp(std::span<const Tensor> inputs, const MlpLayers& layers);

EdgeMlpResult composed_edge_mlp(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                                const Tensor& edges, const MlpLayers& layers, const EdgeMlpOptions& options = {});

Tensor composed_gru_gates(const Tensor& input, const Tensor& hidden, const Tensor& state);

Tensor composed_vector_message(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight,
                               const Tensor& direction);

Tensor composed_weighted_max(const Graph& graph, const Tensor& nodes, const Tensor& ghosts, const Tensor& weight);

}  // namespace halograph::ops
