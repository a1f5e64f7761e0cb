// SPDX-License-Identifier: BSD-3-Clause
// Layers in which all nodes of a graph meet, and graph networks.
#include <array>

#include <halograph/graph/rewire/complete.hpp>
#include <halograph/nn/conv/gar_net.hpp>
#include <halograph/nn/conv/mesh_graph_net_block.hpp>
#include <halograph/nn/conv/meta_layer.hpp>
#include <halograph/nn/models/interaction_network.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t channels = 5;
const Operand nodes{Where::nodes, channels};

LayerCase gar_net(std::string name, nn::GarNetOptions options) {
  options.in_channels = channels;
  options.out_channels = 4;
  options.aggregators = 3;
  options.propagate = 2;
  return {std::move(name), {nodes}, [options](const LayerBed& bed, const Scope& scope) {
            const nn::GarNet layer(scope / "garnet", options);
            return [bed, layer](const Tensors& x) { return Tensors{layer(bed.batch, x[0])}; };
          }};
}

void add_gar_nets(std::vector<LayerCase>& cases) {
  using Options = nn::GarNetOptions;
  using Collapse = Options::Collapse;
  cases.push_back(gar_net("GarNet original", {}));
  cases.push_back(gar_net("GarNet original, squared", {.potential = Options::Potential::exp_square}));
  for (const auto& [name, collapse] : {std::pair("none", Collapse::none), std::pair("mean", Collapse::mean),
                                       std::pair("sum", Collapse::sum), std::pair("max", Collapse::max)})
    cases.push_back(
        gar_net(std::string("GarNet simplified, collapse ") + name, {.mode = Options::Mode::simplified,
                                                                     .potential = Options::Potential::exp_square,
                                                                     .activation = ops::Activation::identity,
                                                                     .collapse = collapse}));
  cases.push_back(gar_net("GarNet simplified, fixed norm",
                          {.mode = Options::Mode::simplified, .norm = 16.0, .collapse = Collapse::mean}));
}

using Network = nn::InteractionNetworkOptions;

nn::InteractionNetwork interaction_network(const Scope& scope, Network options) {
  options.in_channels = channels;
  options.hidden = 6;
  options.edge_out = 4;
  options.node_out = 3;
  return {scope / "in", options};
}

/// On all pairs of each graph, or on the edges of the bed.
LayerCase interaction_network(std::string name, const Network& options, bool complete) {
  return {std::move(name), {nodes}, [options, complete](const LayerBed& bed, const Scope& scope) {
            const auto layer = interaction_network(scope, options);
            const Graph graph = complete ? complete_graph(bed.graph, bed.batch) : bed.graph;
            return [bed, layer, graph, sum = options.readout == Network::Readout::sum](const Tensors& x) {
              return Tensors{sum ? layer(graph, bed.batch, x[0]) : layer(graph, x[0])};
            };
          }};
}

/// Places by node id; several nodes of a graph may share one.
LayerCase flattened() {
  LayerCase layer{"InteractionNetwork flatten", {nodes}, [](const LayerBed& bed, const Scope& scope) {
                    const auto layer = interaction_network(scope, {.activation = ops::Activation::tanh,
                                                                   .readout = Network::Readout::flatten,
                                                                   .targets = 2,
                                                                   .constituents = 4});
                    std::vector<std::int32_t> place;
                    for (const std::int64_t id : bed.graph.node_id()) place.push_back(std::int32_t(id % 4));
                    return [bed, layer, place](const Tensors& x) {
                      return Tensors{layer(bed.graph, bed.batch, x[0], place)};
                    };
                  }};
  layer.equivariant = false;
  return layer;
}

LayerCase mesh_graph_net_block(std::string name, const nn::MeshGraphNetBlockOptions& options) {
  return {std::move(name), {nodes, {Where::edges, channels}}, [options](const LayerBed& bed, const Scope& scope) {
            const nn::MeshGraphNetBlock layer(scope / "block", options);
            return [bed, layer](const Tensors& x) {
              const auto [nodes_after, edges_after] = layer(bed.graph, x[0], x[1]);
              return Tensors{nodes_after, edges_after};
            };
          }};
}

/// A graph network with a linear layer in each part; the batch of the bed has four graphs.
LayerCase meta_layer() {
  return {
      "MetaLayer", {nodes, {Where::edges, 3}, {Where::replicated, 2, 4}}, [](const LayerBed& bed, const Scope& scope) {
        const nn::Linear edge(scope / "edge", 2 * channels + 3 + 2, 3),
            node(scope / "node", channels + 3 + 2, channels), global(scope / "global", channels + 2, 2);
        const nn::MetaLayer layer(
            [edge](const Tensor& source, const Tensor& target, const Tensor& edge_attr, const Tensor& u) {
              return ops::linear(std::array<Tensor, 4>{source, target, edge_attr, u}, edge.weight, edge.bias,
                                 ops::Activation::tanh);
            },
            [node](const Graph& graph, const Tensor& x, const Tensor& edge_attr, const Tensor& u) {
              return ops::linear(std::array<Tensor, 3>{x, ops::segment_mean(graph, edge_attr), u}, node.weight,
                                 node.bias, ops::Activation::tanh);
            },
            [global](const Batch& batch, const Tensor& x, const Tensor&, const Tensor& u) {
              return ops::linear(std::array<Tensor, 2>{ops::graph_mean(batch, x), u}, global.weight, global.bias);
            });
        return [bed, layer](const Tensors& x) {
          const auto [nodes_after, edges_after, u] = layer(bed.graph, bed.batch, {x[0], x[1], x[2]});
          return Tensors{nodes_after, edges_after, u};
        };
      }};
}

}  // namespace

void add_interaction_layers(std::vector<LayerCase>& cases) {
  add_gar_nets(cases);
  // So many arguments that some are next to 0, where relu and selu have a kink and elu's slope has one.
  for (const auto& [name, activation] :
       {std::pair("relu", ops::Activation::relu), std::pair("elu", ops::Activation::elu),
        std::pair("selu", ops::Activation::selu), std::pair("tanh", ops::Activation::tanh)}) {
    cases.push_back(interaction_network(std::string("InteractionNetwork ") + name, {.activation = activation}, true));
    cases.back().smooth = activation == ops::Activation::tanh || activation == ops::Activation::elu;
    cases.back().twice = activation != ops::Activation::elu;
  }
  cases.push_back(interaction_network("InteractionNetwork on edges", {.activation = ops::Activation::tanh}, false));
  cases.push_back(
      interaction_network("InteractionNetwork sum",
                          {.activation = ops::Activation::tanh, .readout = Network::Readout::sum, .targets = 2}, true));
  cases.push_back(flattened());
  cases.push_back(mesh_graph_net_block("MeshGraphNetBlock",
                                       {.latent = channels, .hidden = 7, .activation = ops::Activation::tanh}));
  cases.push_back(mesh_graph_net_block(
      "MeshGraphNetBlock, updated edges summed",
      {.latent = channels, .hidden = 7, .activation = ops::Activation::tanh, .sum_updated = true}));
  cases.push_back(meta_layer());
}

}  // namespace halograph::testing
