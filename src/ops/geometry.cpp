// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/geometry.hpp>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>

#include "ops/check.hpp"

namespace halograph::ops {
namespace {

/// The root of a square, 1 where that is 0, and a mask that is 1 where it is not. The mask is a factor of every result,
/// hence of its derivatives, so that no 0 * infinity comes up.
struct SafeRoot {
  Tensor positive, root;
  explicit SafeRoot(const Tensor& squared)
      : positive(step(squared)), root(square_root(add(squared, scale_shift(positive, -1, 1)))) {}
};

}  // namespace

Tensor displacement(const Graph& graph, const Tensor& pos, const Tensor& shift) {
  require_rows("displacement", pos, graph.nodes());
  const Tensor along = subtract(gather_source(graph, pos), gather_target(graph, pos));
  if (!shift.defined()) return along;
  require_rows("displacement", shift, graph.edges());
  require(shift.cols() == pos.cols(), "displacement: positions ", pos, " and shifts ", shift);
  return add(along, shift);  // in this order, as in radius_graph: the way back is exactly the opposite
}

Tensor squared_length(const Tensor& vectors) { return sum_columns(square(vectors)); }

Tensor length(const Tensor& vectors) {
  const SafeRoot safe(squared_length(vectors));
  return multiply(safe.root, safe.positive);
}

Tensor direction(const Tensor& vectors) {
  const SafeRoot safe(squared_length(vectors));
  return multiply(vectors, divide(safe.positive, safe.root));
}

}  // namespace halograph::ops
