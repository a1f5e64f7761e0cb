// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/autograd/tape.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;

namespace {

Tensors composed_moments(const Graph& graph, const Tensor& edges) {
  const Tensor mean = segment_mean(graph, edges);
  return {mean, segment_mean(graph, square(subtract(edges, gather_target(graph, mean))))};
}

Tensors moments_vjp(const Graph& graph, const Tensor& mean, const VjpArguments& a) {
  if (autograd::recording())
    return autograd::replay([&](const Tensors& x) { return composed_moments(graph, x[0]); }, a);
  const Tensor &x = a.inputs[0], &dmean = a.cotangents[0], &dvariance = a.cotangents[1];
  if (!dvariance.defined()) return {gather_target(graph, divide_by_degree(graph, dmean))};
  Tensor dx = with_rows_of(x, x.cols());
  kernels::table(dx.device())
      .segment_moments_gradient(in(x), in(mean), in(dmean), in(dvariance), graph.edge_offset().data(), out(dx));
  return {dx};
}

}  // namespace

Moments segment_moments(const Graph& graph, const Tensor& edges) {
  require_rows("segment_moments", edges, graph.edges());
  const Moments moments{over(graph.nodes(), edges.cols(), edges), over(graph.nodes(), edges.cols(), edges)};
  kernels::table(edges.device())
      .segment_moments(in(edges), graph.edge_offset().data(), out(moments.mean), out(moments.variance));
  // The mean may have no other user: its values are kept here.
  autograd::record(
      "segment_moments", {edges}, {moments.mean, moments.variance},
      [graph, mean = moments.mean.detach()](const VjpArguments& a) { return moments_vjp(graph, mean, a); });
  return moments;
}

}  // namespace halograph::ops
