// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/egnn_conv.hpp>

#include <array>
#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

#include "nn/atoms.hpp"

namespace halograph::nn {

EGNNConv::EGNNConv(const Scope& scope, const EGNNConvOptions& options) : name_(scope.name()), options_(options) {
  const auto& [in, out, hidden, edge_dim, residual, attention, normalize, tanh, coords_agg] = options_;
  require(edge_dim >= 0, "EGNNConv ", name_, ": edge_dim is ", edge_dim);
  require(!residual || in == out, "EGNNConv ", name_, ": residual with ", in, " input and ", out, " output channels");
  require(coords_agg == ops::Aggregation::mean || coords_agg == ops::Aggregation::sum, "EGNNConv ", name_,
          ": coords_agg is ", name_of(coords_agg), ", not mean or sum");
  const auto mlp = [&](const char* part, std::int64_t first, std::int64_t last, bool activate_last) {
    const SequentialOptions layers{
        .channels = {first, hidden, last}, .activation = ops::Activation::silu, .activate_last = activate_last};
    return Mlp(scope / part, layers);
  };
  edge_mlp_ = mlp("edge_mlp", 2 * in + 1 + edge_dim, hidden, true);
  node_mlp_ = mlp("node_mlp", in + hidden, out, false);
  coord0_ = Linear(scope / "coord_mlp.0", hidden, hidden);
  // Steps start out small.
  coord2_ = Linear(scope / "coord_mlp.2", hidden, 1, {.bias = false, .glorot = true, .gain = 0.001});
  if (attention) attention_ = Linear(scope / "att_mlp.0", hidden, 1);
}

ops::EdgeMlpResult EGNNConv::messages(const Graph& graph, const Tensor& x, const Tensor& squared,
                                      const Tensor& edge_attr) const {
  const Linear& first = edge_mlp_.layer(0);
  const std::int64_t c = options_.in_channels;
  const Tensor target = ops::linear(x, ops::slice_columns(first.weight, 0, c), first.bias);
  const Tensor source = ops::linear(x, ops::slice_columns(first.weight, c, c));
  const std::array<Tensor, 2> parts{squared, edge_attr};
  const Tensor edges = edge_attr.defined() ? ops::concatenate(parts) : squared;
  ops::EdgeMlpResult m = edge_mlp_.on_pairs(graph, target, source, edges, false, {.sum = !options_.attention});
  if (!options_.attention) return m;
  m.edges = ops::multiply(m.edges, attention_(m.edges, ops::Activation::sigmoid));
  m.sum = ops::segment_sum(graph, m.edges);
  return m;
}

Tensor EGNNConv::moved(const Graph& graph, const Tensor& pos, const Tensor& vectors, const Tensor& squared,
                       const Tensor& m) const {
  Tensor step = two_layers(coord0_, coord2_, ops::Activation::silu, m);
  if (options_.tanh) step = ops::tanh(step);
  const Tensor unit = options_.normalize
                          ? ops::divide(vectors, ops::scale_shift(ops::square_root(squared.detach()), 1, 1e-8))
                          : vectors;
  // `vectors` point from the target to the source: the step goes the other way.
  const Tensor steps = ops::multiply(unit, step);
  return ops::subtract(pos, options_.coords_agg == ops::Aggregation::mean ? ops::segment_mean(graph, steps)
                                                                          : ops::segment_sum(graph, steps));
}

EGNNConv::Result EGNNConv::operator()(const Graph& graph, const Tensor& x, const Tensor& pos, const Tensor& edge_attr,
                                      const Tensor& shift) const {
  require(edge_attr.defined() ? edge_attr.cols() == options_.edge_dim : options_.edge_dim == 0, "EGNNConv ", name_,
          ": edge_dim is ", options_.edge_dim, ", edge_attr ",
          edge_attr.defined() ? edge_attr.describe() : "not given");
  require(x.defined() && x.cols() == options_.in_channels, "EGNNConv ", name_, ": ", x, " for ", options_.in_channels,
          " input channels");
  const Tensor vectors = ops::displacement(graph, pos, shift);
  const Tensor squared = ops::squared_length(vectors);
  const ops::EdgeMlpResult m = messages(graph, x, squared, edge_attr);
  const std::array<Tensor, 2> inputs{x, m.sum};
  return {node_mlp_(inputs, options_.residual), moved(graph, pos, vectors, squared, m.edges)};
}

}  // namespace halograph::nn
