// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/interaction_network.hpp>

#include <algorithm>
#include <array>

#include <halograph/core/error.hpp>
#include <halograph/ops/graph_product.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

using Readout = InteractionNetworkOptions::Readout;

const InteractionNetworkOptions& checked(const std::string& name, const InteractionNetworkOptions& o) {
  require(o.in_channels > 0 && o.hidden > 1 && o.edge_out > 0 && o.node_out > 0, "InteractionNetwork ", name,
          ": in_channels is ", o.in_channels, ", hidden ", o.hidden, ", edge_out ", o.edge_out, ", node_out ",
          o.node_out, "; hidden is at least 2, the others 1");
  require((o.readout == Readout::none) == (o.targets == 0) && o.targets >= 0, "InteractionNetwork ", name, ": ",
          o.targets, " targets; a readout has some, and without one there are none");
  require((o.readout == Readout::flatten) == (o.constituents > 0), "InteractionNetwork ", name, ": ", o.constituents,
          " constituents; readout flatten has some, and others have none");
  return o;
}

Mlp three_layers(const Scope& scope, std::int64_t in, std::int64_t out, bool activate_last,
                 const InteractionNetworkOptions& o) {
  const SequentialOptions options{.channels = {in, o.hidden, o.hidden / 2, out},
                                  .activation = o.activation,
                                  .activate_last = activate_last,
                                  .count_activations = false};
  return Mlp(scope, options);
}

/// [n_nodes, places]: 1 where a node stands.
Tensor marks(const Batch& batch, const std::vector<std::int32_t>& place, std::int64_t places, const Tensor& like) {
  const bool fits = std::int64_t(place.size()) == like.rows() &&
                    std::all_of(place.begin(), place.end(), [&](std::int32_t p) { return p >= 0 && p < places; });
  require_all<UsageError>(batch.nodes()->comm(), fits, "InteractionNetwork: ", place.size(), " places for ",
                          like.rows(), " nodes; each is one of 0..", places - 1);
  std::vector<double> mark(std::size_t(like.rows() * places), 0);
  for (std::size_t v = 0; v < place.size(); ++v) mark[v * std::size_t(places) + std::size_t(place[v])] = 1;
  return Tensor::from(mark, like.rows(), places, like.dtype(), like.row_space(), like.device());
}

}  // namespace

InteractionNetwork::InteractionNetwork(const Scope& scope, const InteractionNetworkOptions& o)
    : name_(scope.name()),
      options_(checked(name_, o)),
      fr_(three_layers(scope / "fr", 2 * o.in_channels, o.edge_out, true, o)),
      fo_(three_layers(scope / "fo", o.in_channels + o.edge_out, o.node_out, true, o)) {
  if (o.readout == Readout::none) return;
  const std::int64_t in = o.readout == Readout::sum ? o.node_out : o.constituents * o.node_out;
  fc_ = three_layers(scope / "fc", in, o.targets, false, o);
}

Tensor InteractionNetwork::operator()(const Graph& graph, const Tensor& x) const {
  const std::int64_t c = options_.in_channels;
  require(x.defined() && x.cols() == c, "InteractionNetwork ", name_, ": ", x, " for ", c, " channels");
  const Linear& first = fr_.layer(0);
  const Tensor receiver = ops::linear(x, ops::slice_columns(first.weight, 0, c), first.bias);
  const Tensor sender = ops::linear(x, ops::slice_columns(first.weight, c, c));
  const std::array<Tensor, 2> inputs{x, fr_.on_pairs(graph, receiver, sender, {}, false, {.edges = false}).sum};
  return fo_(inputs);
}

Tensor InteractionNetwork::operator()(const Graph& graph, const Batch& batch, const Tensor& x) const {
  require(options_.readout == Readout::sum, "InteractionNetwork ", name_,
          ": called with a batch only, but its readout is not sum");
  return fc_(ops::graph_sum(batch, (*this)(graph, x)));
}

Tensor InteractionNetwork::operator()(const Graph& graph, const Batch& batch, const Tensor& x,
                                      const std::vector<std::int32_t>& place) const {
  require(options_.readout == Readout::flatten, "InteractionNetwork ", name_,
          ": called with places, but its readout is not flatten");
  const Tensor o = (*this)(graph, x);
  return fc_(ops::graph_outer(batch, marks(batch, place, options_.constituents, o), o));
}

}  // namespace halograph::nn
