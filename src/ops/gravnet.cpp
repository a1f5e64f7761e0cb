// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/gravnet.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>
#include <halograph/ops/weighted_max.hpp>

namespace halograph::ops {

Tensor gravnet_weights(const Graph& graph, const Tensor& space, const GravnetPotential& potential) {
  require(potential.scale >= 0, "gravnet_weights: scale is ", potential.scale,
          "; weights fade with distance, so it is not negative");
  const Tensor distance = squared_length(displacement(graph, space));
  return fading_exponential(scale_shift(potential.quartic ? square(distance) : distance, -potential.scale));
}

GravnetMessages gravnet_messages(const Graph& graph, const Tensor& features, const Tensor& weights) {
  const Tensor ghosts = halo(graph, features);
  return {divide_by_degree(graph, weighted_sum(graph, features, ghosts, weights)),
          weighted_max(graph, features, ghosts, weights)};
}

}  // namespace halograph::ops
