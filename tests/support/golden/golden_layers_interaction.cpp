// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/complete.hpp>
#include <halograph/nn/conv/gar_net.hpp>
#include <halograph/nn/conv/mesh_graph_net_block.hpp>
#include <halograph/nn/models/interaction_network.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

using Outputs = std::map<std::string, Tensor>;

nn::GarNetOptions gar_net_options(const GoldenBed& bed) {
  using Options = nn::GarNetOptions;
  const auto word = [&](const char* option) { return bed.options.at(option).get<std::string>(); };
  Options options;
  options.in_channels = bed.integer("in_channels");
  options.out_channels = bed.integer("out_channels");
  options.aggregators = bed.integer("aggregators");
  options.propagate = bed.integer("propagate");
  options.mode = word("mode") == "original" ? Options::Mode::original : Options::Mode::simplified;
  options.potential = word("potential") == "exp(-|d|)" ? Options::Potential::exp_abs : Options::Potential::exp_square;
  options.activation = bed.activation(word("act"));
  if (options.mode == Options::Mode::original) return options;
  if (bed.options.at("norm") != "n") options.norm = bed.options.at("norm").get<double>();
  const std::map<std::string, Options::Collapse> collapses{
      {"none", Options::Collapse::none}, {"mean", Options::Collapse::mean}, {"sum", Options::Collapse::sum}};
  options.collapse = collapses.at(word("collapse"));
  return options;
}

GoldenLayer gar_net(const GoldenBed& bed) {
  const nn::GarNet layer(bed.scope, gar_net_options(bed));
  return [&bed, layer] { return Outputs{{"y", layer(bed.batch, bed.at("x"))}}; };
}

GoldenLayer interaction_network(const GoldenBed& bed) {
  const bool sum = bed.options.at("readout") == "sum";
  const nn::InteractionNetworkOptions options{
      .in_channels = bed.integer("in_channels"),
      .hidden = bed.integer("hidden"),
      .edge_out = bed.integer("edge_out"),
      .node_out = bed.integer("node_out"),
      .activation = bed.activation(bed.options.at("act").get<std::string>()),
      .readout = sum ? nn::InteractionNetworkOptions::Readout::sum : nn::InteractionNetworkOptions::Readout::none,
      .targets = sum ? bed.integer("targets") : 0};
  const nn::InteractionNetwork layer(bed.scope, options);
  return [&bed, layer, sum, pairs = complete_graph(bed.graph, bed.batch)] {
    return Outputs{{"y", sum ? layer(pairs, bed.batch, bed.at("x")) : layer(pairs, bed.at("x"))}};
  };
}

GoldenLayer mesh_graph_net_block(const GoldenBed& bed) {
  const nn::MeshGraphNetBlockOptions options{.latent = bed.integer("latent"),
                                             .hidden = bed.integer("hidden"),
                                             .layer_norm_eps = bed.options.at("layer_norm_eps").get<double>()};
  const nn::MeshGraphNetBlock layer(bed.scope, options);
  return [&bed, layer] {
    const auto [x, edge_attr] = layer(bed.graph, bed.at("x"), bed.at("edge_attr"));
    return Outputs{{"y", x}, {"edge_attr", edge_attr}};
  };
}

}  // namespace

void add_interaction_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["GarNet"] = gar_net;
  layers["InteractionNetwork"] = interaction_network;
  layers["MeshGraphNetBlock"] = mesh_graph_net_block;
}

}  // namespace halograph::testing
