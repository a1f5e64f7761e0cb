// SPDX-License-Identifier: BSD-3-Clause
#include <memory>

#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/nn/conv/gated_graph_conv.hpp>
#include <halograph/nn/conv/rgcn_conv.hpp>
#include <halograph/nn/conv/transformer_conv.hpp>
#include <halograph/nn/conv/typed_ggnn.hpp>
#include <halograph/nn/gru_cell.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

const Operand nodes{Where::nodes, 3}, state{Where::nodes, 5}, weight{Where::edges, 1}, edges{Where::edges, 2};

template <class Layer, class Run>
LayerForward forward(Layer made, Run run) {
  const auto layer = std::make_shared<const Layer>(std::move(made));
  return [layer, run](const Tensors& x) { return Tensors{run(*layer, x)}; };
}

/// The type of each edge, 0, 1 or 2, from what numbers of nodes do not change: the in-degree of its target, and whether
/// it is a loop.
std::vector<std::int32_t> edge_types(const Graph& graph) {
  const std::vector<std::int32_t> offset = graph.edge_offset().to_vector(), source = graph.source_row().to_vector();
  std::vector<std::int32_t> types;
  for (std::size_t row = 0; row + 1 < offset.size(); ++row)
    for (std::int32_t e = offset[row]; e < offset[row + 1]; ++e)
      types.push_back((offset[row + 1] - offset[row] + (source[std::size_t(e)] == std::int32_t(row) ? 1 : 0)) % 3);
  return types;
}

LayerCase gru_cell(const std::string& name, const nn::GRUCellOptions& options, std::vector<Operand> inputs) {
  LayerCase c;
  c.name = name;
  c.inputs = std::move(inputs);
  c.make = [options](const LayerBed&, const Scope& scope) {
    return forward(nn::GRUCell(scope / "gru", options), [](const nn::GRUCell& layer, const Tensors& x) {
      return layer(x[0], x.size() > 1 ? x[1] : Tensor());
    });
  };
  return c;
}

/// A layer whose call takes the graph, nodes and what may come with edges.
template <class Layer, class Options>
LayerCase conv(const std::string& name, const Options& options, std::vector<Operand> inputs) {
  LayerCase c;
  c.name = name;
  c.inputs = std::move(inputs);
  c.make = [options](const LayerBed& bed, const Scope& scope) {
    return forward(Layer(scope / "conv", options), [graph = bed.graph](const Layer& layer, const Tensors& x) {
      return layer(graph, x[0], x.size() > 1 ? x[1] : Tensor());
    });
  };
  return c;
}

/// A layer on the graphs of four types of edges; the last has none.
template <class Layer, class Options>
LayerCase typed(const std::string& name, const Options& options) {
  LayerCase c;
  c.name = name;
  c.inputs = {nodes};
  c.make = [options](const LayerBed& bed, const Scope& scope) {
    return forward(Layer(scope / "conv", options),
                   [graphs = typed_graphs(bed.graph, edge_types(bed.graph), 4)](const Layer& layer, const Tensors& x) {
                     return layer(graphs, x[0]);
                   });
  };
  return c;
}

}  // namespace

void add_recurrent_layers(std::vector<LayerCase>& cases) {
  cases.push_back(gru_cell("GRUCell", {.input_size = 3, .hidden_size = 5}, {nodes, state}));
  cases.push_back(
      gru_cell("GRUCell without bias and state", {.input_size = 3, .hidden_size = 5, .bias = false}, {nodes}));
  const auto gated = conv<nn::GatedGraphConv, nn::GatedGraphConvOptions>;
  cases.push_back(gated("GatedGraphConv", {.out_channels = 5, .num_layers = 2}, {nodes}));
  cases.push_back(gated("GatedGraphConv edge_weight", {.out_channels = 5, .num_layers = 2}, {state, weight}));
  cases.push_back(gated("GatedGraphConv mean edge_weight without bias",
                        {.out_channels = 4, .num_layers = 1, .aggr = ops::Aggregation::mean, .bias = false},
                        {nodes, weight}));
  cases.push_back(
      gated("GatedGraphConv max", {.out_channels = 4, .num_layers = 1, .aggr = ops::Aggregation::max}, {nodes}));
  cases.push_back(typed<nn::TypedGGNN, nn::TypedGGNNOptions>(
      "TypedGGNN", {.in_channels = 3, .out_channels = 5, .num_types = 4, .steps = 2}));

  const auto rgcn = typed<nn::RGCNConv, nn::RGCNConvOptions>;
  cases.push_back(rgcn("RGCNConv", {.in_channels = 3, .out_channels = 5, .num_relations = 4}));
  cases.push_back(rgcn("RGCNConv bases", {.in_channels = 3, .out_channels = 2, .num_relations = 4, .num_bases = 2}));
  cases.push_back(rgcn("RGCNConv max without root and bias", {.in_channels = 3,
                                                              .out_channels = 2,
                                                              .num_relations = 4,
                                                              .aggr = ops::Aggregation::max,
                                                              .root_weight = false,
                                                              .bias = false}));

  const auto transformer = conv<nn::TransformerConv, nn::TransformerConvOptions>;
  cases.push_back(transformer("TransformerConv", {.in_channels = 3, .out_channels = 4, .heads = 2}, {nodes}));
  cases.push_back(transformer("TransformerConv beta edge_attr",
                              {.in_channels = 3, .out_channels = 4, .heads = 2, .beta = true, .edge_dim = 2},
                              {nodes, edges}));
  cases.push_back(transformer(
      "TransformerConv mean of heads beta edge_attr without bias",
      {.in_channels = 3, .out_channels = 2, .heads = 3, .concat = false, .beta = true, .edge_dim = 2, .bias = false},
      {nodes, edges}));
  cases.push_back(transformer("TransformerConv without root",
                              {.in_channels = 3, .out_channels = 4, .root_weight = false}, {nodes}));
}

}  // namespace halograph::testing
