// SPDX-License-Identifier: BSD-3-Clause
// Edges of points in space: where the source of each edge lies as seen from its target, how far, and in which
// direction. All are differentiable any number of times. Where an edge has length 0 (or one whose square is rounded to
// 0) the derivatives of length and direction, of every order, are taken as 0: finite, though the functions have a kink
// there.
#pragma once

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::ops {

/// edges [n_edges, d]: (pos_source - pos_target) + shift with pos [n_nodes, d]. `shift` [n_edges, d] moves sources to
/// their periodic images; undefined: none. Collective.
Tensor displacement(const Graph& graph, const Tensor& pos, const Tensor& shift = {});

/// [n, d] -> [n, 1], the sum of squares of each row; infinite for lengths beyond 1.8e19 (f32) or 1.3e154 (f64).
Tensor squared_length(const Tensor& vectors);
/// [n, d] -> [n, 1], its root; infinite where the square is.
Tensor length(const Tensor& vectors);
/// Each row divided by its length; 0 where that is 0.
Tensor direction(const Tensor& vectors);

}  // namespace halograph::ops
