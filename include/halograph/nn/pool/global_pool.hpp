// SPDX-License-Identifier: BSD-3-Clause
// The poolings of ops/pool.hpp under the names of PyTorch Geometric: nodes [n_nodes, c] -> replicated [n_graphs, c],
// 0 for a graph without nodes. Collective.
#pragma once

#include <halograph/ops/pool.hpp>

namespace halograph::nn {

inline Tensor global_add_pool(const Batch& batch, const Tensor& x) { return ops::graph_sum(batch, x); }
inline Tensor global_mean_pool(const Batch& batch, const Tensor& x) { return ops::graph_mean(batch, x); }
inline Tensor global_max_pool(const Batch& batch, const Tensor& x) { return ops::graph_max(batch, x); }

}  // namespace halograph::nn
