// SPDX-License-Identifier: BSD-3-Clause
#include <memory>

#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/nn/conv/gated_graph_conv.hpp>
#include <halograph/nn/conv/typed_ggnn.hpp>
#include <halograph/nn/gru_cell.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

/// A layer whose only output `run` returns.
template <class Layer, class Run>
GoldenLayer golden(Layer made, Run run) {
  const auto layer = std::make_shared<const Layer>(std::move(made));
  return [layer, run] { return std::map<std::string, Tensor>{{"y", run(*layer)}}; };
}

GoldenLayer gru_cell(const GoldenBed& bed) {
  const nn::GRUCellOptions options{.input_size = bed.integer("input_size"),
                                   .hidden_size = bed.integer("hidden_size"),
                                   .bias = bed.options.at("bias").get<bool>()};
  return golden(nn::GRUCell(bed.scope, options),
                [x = bed.at("x"), h = bed.at("h")](const nn::GRUCell& layer) { return layer(x, h); });
}

GoldenLayer gated_graph_conv(const GoldenBed& bed) {
  const nn::GatedGraphConvOptions options{.out_channels = bed.integer("out_channels"),
                                          .num_layers = bed.integer("num_layers"),
                                          .aggr = ops::parse_aggregation(bed.options.at("aggr").get<std::string>()),
                                          .bias = bed.options.at("bias").get<bool>()};
  const Tensor weight = bed.has("edge_weight") ? bed.at("edge_weight") : Tensor();
  return golden(nn::GatedGraphConv(bed.scope, options),
                [graph = bed.graph, x = bed.at("x"), weight](const nn::GatedGraphConv& layer) {
                  return layer(graph, x, weight);
                });
}

GoldenLayer typed_ggnn(const GoldenBed& bed) {
  const nn::TypedGGNNOptions options{.in_channels = bed.integer("in_channels"),
                                     .out_channels = bed.integer("out_channels"),
                                     .num_types = bed.integer("num_types"),
                                     .steps = bed.integer("steps")};
  const std::vector<double> type = bed.at("edge_type").to_vector<double>();
  const auto graphs = typed_graphs(bed.graph, std::vector<std::int32_t>(type.begin(), type.end()), options.num_types);
  return golden(nn::TypedGGNN(bed.scope, options),
                [graphs, x = bed.at("x")](const nn::TypedGGNN& layer) { return layer(graphs, x); });
}

}  // namespace

void add_recurrent_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers.emplace("GRUCell", gru_cell);
  layers.emplace("GatedGraphConv", gated_graph_conv);
  layers.emplace("TypedGGNN", typed_ggnn);
}

}  // namespace halograph::testing
