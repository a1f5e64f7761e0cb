// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/cf_conv.hpp>
#include <halograph/nn/conv/egnn_conv.hpp>
#include <halograph/nn/forces.hpp>
#include <halograph/nn/models/schnet.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

GoldenLayer cf_conv(const GoldenBed& bed) {
  const auto channels = bed.options.at("nn").at("channels").get<std::vector<std::int64_t>>();
  const nn::CFConv layer(bed.scope, {.in_channels = bed.integer("in_channels"),
                                     .out_channels = bed.integer("out_channels"),
                                     .num_filters = bed.integer("num_filters"),
                                     .edge_dim = channels.at(0),
                                     .cutoff = bed.options.at("cutoff").get<double>()});
  return [layer, &bed] {
    return std::map<std::string, Tensor>{
        {"y", layer(bed.graph, bed.at("x"), bed.at("edge_weight"), bed.at("edge_attr"))}};
  };
}

GoldenLayer schnet(const GoldenBed& bed) {
  const nn::SchNet model(bed.scope, {.hidden_channels = bed.integer("hidden_channels"),
                                     .num_filters = bed.integer("num_filters"),
                                     .num_interactions = int(bed.integer("num_interactions")),
                                     .num_gaussians = bed.integer("num_gaussians"),
                                     .cutoff = bed.options.at("cutoff").get<double>(),
                                     .readout = ops::parse_aggregation(bed.options.at("readout").get<std::string>())});
  const std::vector<double> number = bed.at("z").to_vector<double>();
  const Kinds z(bed.graph.nodes(), {number.begin(), number.end()}, 100, bed.graph.device());
  return [model, z, &bed] {
    const auto energy = [&](const Tensor& pos, const Tensor&) { return model(bed.graph, bed.batch, z, pos); };
    const auto found =
        nn::energy_forces_stress(energy, bed.graph, bed.batch, {bed.at("pos"), {}}, {.create_graph = true});
    return std::map<std::string, Tensor>{{"y", found.energy}, {"forces", found.forces}};
  };
}

GoldenLayer egnn(const GoldenBed& bed) {
  const auto flag = [&](const char* name) { return bed.options.at(name).get<bool>(); };
  const nn::EGNNConv layer(bed.scope,
                           {.in_channels = bed.integer("in_channels"),
                            .out_channels = bed.integer("out_channels"),
                            .hidden = bed.integer("hidden"),
                            .edge_dim = bed.integer("edge_dim"),
                            .residual = flag("residual"),
                            .attention = flag("attention"),
                            .normalize = flag("normalize"),
                            .tanh = flag("tanh"),
                            .coords_agg = ops::parse_aggregation(bed.options.at("coords_agg").get<std::string>())});
  return [layer, &bed] {
    const Tensor edge_attr = bed.has("edge_attr") ? bed.at("edge_attr") : Tensor();
    const auto found = layer(bed.graph, bed.at("x"), bed.at("pos"), edge_attr);
    return std::map<std::string, Tensor>{{"y", found.x}, {"pos", found.pos}};
  };
}

}  // namespace

void add_physics_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["CFConv"] = cf_conv;
  layers["SchNet"] = schnet;
  layers["EGNN"] = egnn;
}

}  // namespace halograph::testing
