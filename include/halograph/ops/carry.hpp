// SPDX-License-Identifier: BSD-3-Clause
// Values that follow rows into another graph on the same nodes: edge features after loops were added or edges taken
// out.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/edge_map.hpp>

namespace halograph::ops {

/// map.from [n, c] -> map.to [m, c]: each row where it goes, 0 in rows that are new. The adjoint carries back, so it is
/// closed under differentiation.
Tensor carry_edges(const EdgeMap& map, const Tensor& x);

}  // namespace halograph::ops
