// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/gravnet.hpp>

#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::ops {

Tensor gravnet_weights(const Graph& graph, const Tensor& space, const GravnetPotential& potential) {
  const Tensor along = subtract(gather_source(graph, space), gather_target(graph, space));
  const Tensor distance = sum_columns(square(along));
  return exponential(scale_shift(potential.quartic ? square(distance) : distance, -potential.scale));
}

GravnetMessages gravnet_messages(const Graph& graph, const Tensor& features, const Tensor& weights) {
  const Tensor ghosts = halo(graph, features);
  const Tensor sum = weighted_sum(graph, features, ghosts, weights);
  return {divide_by_degree(graph, sum), segment_max(graph, multiply(gather_source(graph, features, ghosts), weights))};
}

}  // namespace halograph::ops
