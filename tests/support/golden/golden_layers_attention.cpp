// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/edge_conv.hpp>
#include <halograph/nn/conv/gat_conv.hpp>
#include <halograph/nn/conv/gatv2_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/ops/aggregate.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

/// A layer and the call that gives y.
template <class Layer, class Call>
GoldenLayer golden(Layer layer, Call call) {
  return [layer = std::move(layer), call] { return std::map<std::string, Tensor>{{"y", call(layer)}}; };
}

Tensor edge_attr(const GoldenBed& bed) { return bed.has("edge_attr") ? bed.at("edge_attr") : Tensor(); }

std::int64_t integer_or_none(const GoldenBed& bed, const char* option) {
  return bed.options.contains(option) && !bed.options.at(option).is_null() ? bed.integer(option) : 0;
}

GoldenLayer edge_conv(const GoldenBed& bed) {
  const nlohmann::json& nn = bed.options.at("nn");
  nn::EdgeConvOptions options;
  options.nn.channels = nn.at("channels").get<std::vector<std::int64_t>>();
  options.nn.activation = bed.activation(nn.at("act").get<std::string>());
  options.aggr = ops::parse_aggregation(bed.options.at("aggr").get<std::string>());
  return golden(nn::EdgeConv(bed.scope, options),
                [&bed](const nn::EdgeConv& layer) { return layer(bed.graph, bed.at("x")); });
}

template <class Layer>
GoldenLayer attention(const GoldenBed& bed) {
  const auto flag = [&](const char* option) { return bed.options.at(option).template get<bool>(); };
  nn::GATConvOptions options;
  options.in_channels = bed.integer("in_channels");
  options.out_channels = bed.integer("out_channels");
  options.heads = bed.integer("heads");
  options.concat = flag("concat");
  options.negative_slope = bed.options.at("negative_slope").template get<double>();
  options.add_self_loops = flag("add_self_loops");
  options.edge_dim = integer_or_none(bed, "edge_dim");
  options.bias = flag("bias");
  options.residual = flag("residual");
  return golden(Layer(bed.scope, options),
                [&bed](const Layer& layer) { return layer(bed.graph, bed.at("x"), edge_attr(bed)); });
}

GoldenLayer edge_softmax(const GoldenBed& bed) {
  return [&bed] { return std::map<std::string, Tensor>{{"y", ops::segment_softmax(bed.graph, bed.at("score"))}}; };
}

GoldenLayer pna_conv(const GoldenBed& bed) {
  nn::PNAConvOptions options;
  options.in_channels = bed.integer("in_channels");
  options.out_channels = bed.integer("out_channels");
  for (const std::string word : bed.options.at("aggregators"))
    options.aggregators.push_back(ops::parse_aggregation(word));
  for (const std::string word : bed.options.at("scalers")) options.scalers.push_back(nn::parse_degree_scaler(word));
  for (const double count : bed.at("deg").to_vector<double>()) options.deg.push_back(std::int64_t(count));
  options.edge_dim = integer_or_none(bed, "edge_dim");
  options.towers = bed.integer("towers");
  options.pre_layers = bed.integer("pre_layers");
  options.post_layers = bed.integer("post_layers");
  options.act = bed.activation(bed.options.at("act").get<std::string>());
  options.divide_input = bed.options.at("divide_input").get<bool>();
  return golden(nn::PNAConv(bed.scope, options),
                [&bed](const nn::PNAConv& layer) { return layer(bed.graph, bed.at("x"), edge_attr(bed)); });
}

}  // namespace

void add_attention_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["EdgeConv"] = edge_conv;
  layers["GATConv"] = attention<nn::GATConv>;
  layers["GATv2Conv"] = attention<nn::GATv2Conv>;
  layers["EdgeSoftmax"] = edge_softmax;
  layers["PNAConv"] = pna_conv;
}

}  // namespace halograph::testing
