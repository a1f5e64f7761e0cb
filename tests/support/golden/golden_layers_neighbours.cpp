// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/dynamic_edge_conv.hpp>
#include <halograph/nn/conv/gravnet_conv.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

/// A layer on x and the batch.
template <class Layer>
GoldenLayer golden(Layer layer, const GoldenBed& bed) {
  return [layer = std::move(layer), &bed] {
    return std::map<std::string, Tensor>{{"y", layer(bed.graph, bed.batch, bed.at("x"))}};
  };
}

GoldenLayer dynamic_edge_conv(const GoldenBed& bed) {
  const nlohmann::json& nn = bed.options.at("nn");
  nn::DynamicEdgeConvOptions options;
  options.nn.channels = nn.at("channels").get<std::vector<std::int64_t>>();
  options.nn.activation = bed.activation(nn.at("act").get<std::string>());
  options.k = bed.integer("k");
  options.aggr = ops::parse_aggregation(bed.options.at("aggr").get<std::string>());
  return golden(nn::DynamicEdgeConv(bed.scope, options), bed);
}

GoldenLayer gravnet_conv(const GoldenBed& bed) {
  const nn::GravNetConvOptions options{.in_channels = bed.integer("in_channels"),
                                       .out_channels = bed.integer("out_channels"),
                                       .space_dimensions = bed.integer("space_dimensions"),
                                       .propagate_dimensions = bed.integer("propagate_dimensions"),
                                       .k = bed.integer("k"),
                                       .include_self = bed.options.at("include_self").get<bool>()};
  return golden(nn::GravNetConv(bed.scope, options), bed);
}

}  // namespace

void add_neighbours_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["DynamicEdgeConv"] = dynamic_edge_conv;
  layers["GravNetConv"] = gravnet_conv;
}

}  // namespace halograph::testing
