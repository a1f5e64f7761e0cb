// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/gin_conv.hpp>
#include <halograph/nn/conv/graph_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/conv/simple_conv.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

bool flag(const GoldenBed& bed, const char* option) { return bed.options.at(option).get<bool>(); }

Tensor given_or_none(const GoldenBed& bed, const char* input) { return bed.has(input) ? bed.at(input) : Tensor(); }

ops::Aggregation aggregation(const GoldenBed& bed) {
  return ops::parse_aggregation(bed.options.at("aggr").get<std::string>());
}

std::vector<ops::Aggregation> aggregations(const GoldenBed& bed) {
  if (bed.options.at("aggr").is_string()) return {aggregation(bed)};
  std::vector<ops::Aggregation> list;
  for (const std::string word : bed.options.at("aggr")) list.push_back(ops::parse_aggregation(word));
  return list;
}

nn::SequentialOptions sequential(const GoldenBed& bed) {
  const nlohmann::json& nn = bed.options.at("nn");
  return {.channels = nn.at("channels").get<std::vector<std::int64_t>>(),
          .activation = bed.activation(nn.at("act").get<std::string>())};
}

/// A layer and the call that gives y.
template <class Layer, class Call>
GoldenLayer golden(Layer layer, Call call) {
  return [layer = std::move(layer), call] { return std::map<std::string, Tensor>{{"y", call(layer)}}; };
}

GoldenLayer graph_conv(const GoldenBed& bed) {
  nn::GraphConv layer(bed.scope,
                      {bed.integer("in_channels"), bed.integer("out_channels"), aggregation(bed), flag(bed, "bias")});
  return golden(std::move(layer), [&bed](const nn::GraphConv& conv) {
    return conv(bed.graph, bed.at("x"), given_or_none(bed, "edge_weight"));
  });
}

GoldenLayer simple_conv(const GoldenBed& bed) {
  const nlohmann::json& root = bed.options.at("combine_root");
  const nn::SimpleConv layer(
      {aggregations(bed), nn::parse_combine_root(root.is_null() ? "none" : root.get<std::string>())});
  const auto forward = [layer, &bed] {
    return std::map<std::string, Tensor>{{"y", layer(bed.graph, bed.at("x"), given_or_none(bed, "edge_weight"))}};
  };
  return forward;
}

GoldenLayer sage_conv(const GoldenBed& bed) {
  nn::SAGEConv layer(bed.scope, {.in_channels = bed.integer("in_channels"),
                                 .out_channels = bed.integer("out_channels"),
                                 .aggr = aggregations(bed),
                                 .normalize = flag(bed, "normalize"),
                                 .root_weight = flag(bed, "root_weight"),
                                 .project = flag(bed, "project"),
                                 .bias = flag(bed, "bias")});
  return golden(std::move(layer), [&bed](const nn::SAGEConv& conv) { return conv(bed.graph, bed.at("x")); });
}

GoldenLayer gin_conv(const GoldenBed& bed) {
  nn::GINConv layer(bed.scope, {sequential(bed), bed.options.value("eps", 0.0), flag(bed, "train_eps")});
  return golden(std::move(layer), [&bed](const nn::GINConv& conv) { return conv(bed.graph, bed.at("x")); });
}

GoldenLayer gine_conv(const GoldenBed& bed) {
  const nlohmann::json& edge_dim = bed.options.at("edge_dim");
  nn::GINEConv layer(bed.scope, {sequential(bed), bed.options.value("eps", 0.0), flag(bed, "train_eps"),
                                 edge_dim.is_null() ? 0 : edge_dim.get<std::int64_t>()});
  return golden(std::move(layer),
                [&bed](const nn::GINEConv& conv) { return conv(bed.graph, bed.at("x"), bed.at("edge_attr")); });
}

GoldenLayer nn_conv(const GoldenBed& bed) {
  nn::NNConv layer(bed.scope, {bed.integer("in_channels"), bed.integer("out_channels"), sequential(bed),
                               aggregation(bed), flag(bed, "root_weight"), flag(bed, "bias")});
  return golden(std::move(layer),
                [&bed](const nn::NNConv& conv) { return conv(bed.graph, bed.at("x"), bed.at("edge_attr")); });
}

GoldenLayer gcn_conv(const GoldenBed& bed) {
  nn::GCNConv layer(bed.scope, {.in_channels = bed.integer("in_channels"),
                                .out_channels = bed.integer("out_channels"),
                                .improved = flag(bed, "improved"),
                                .add_self_loops = flag(bed, "add_self_loops"),
                                .normalize = flag(bed, "normalize"),
                                .bias = flag(bed, "bias")});
  return golden(std::move(layer), [&bed](const nn::GCNConv& conv) {
    return conv(bed.graph, bed.at("x"), given_or_none(bed, "edge_weight"));
  });
}

}  // namespace

void add_conv_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["GraphConv"] = graph_conv;
  layers["SimpleConv"] = simple_conv;
  layers["SAGEConv"] = sage_conv;
  layers["GINConv"] = gin_conv;
  layers["GINEConv"] = gine_conv;
  layers["NNConv"] = nn_conv;
  layers["GCNConv"] = gcn_conv;
}

}  // namespace halograph::testing
