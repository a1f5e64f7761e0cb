// SPDX-License-Identifier: BSD-3-Clause
#include <memory>

#include <halograph/graph/typed_graphs.hpp>
#include <halograph/nn/conv/gated_graph_conv.hpp>
#include <halograph/nn/conv/typed_ggnn.hpp>
#include <halograph/nn/gru_cell.hpp>

#include "tests/support/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

const Operand nodes{Where::nodes, 3}, state{Where::nodes, 5}, weight{Where::edges, 1};

/// A layer as a case runs it: forward by `run`, state by its collect().
template <class Layer, class Run>
BuiltLayer built(Layer made, Run run) {
  const auto layer = std::make_shared<const Layer>(std::move(made));
  BuiltLayer result;
  layer->collect(result.state);
  result.forward = [layer, run](const Tensors& x) { return Tensors{run(*layer, x)}; };
  return result;
}

/// The type of each edge, 0, 1 or 2, from what numbers of nodes do not change: the in-degree of its target, and whether it
/// is a loop.
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
  c.make = [options](const LayerBed&, DType dtype, const Random& random) {
    return built(nn::GRUCell("gru", options, dtype, random),
                 [](const nn::GRUCell& layer, const Tensors& x) { return layer(x[0], x.size() > 1 ? x[1] : Tensor()); });
  };
  return c;
}

LayerCase gated_graph_conv(const std::string& name, const nn::GatedGraphConvOptions& options, std::vector<Operand> inputs) {
  LayerCase c;
  c.name = name;
  c.inputs = std::move(inputs);
  c.make = [options](const LayerBed& bed, DType dtype, const Random& random) {
    return built(nn::GatedGraphConv("conv", options, dtype, random),
                 [graph = bed.graph](const nn::GatedGraphConv& layer, const Tensors& x) {
                   return layer(graph, x[0], x.size() > 1 ? x[1] : Tensor());
                 });
  };
  return c;
}

}  // namespace

void add_recurrent_layers(std::vector<LayerCase>& cases) {
  cases.push_back(gru_cell("GRUCell", {.input_size = 3, .hidden_size = 5}, {nodes, state}));
  cases.push_back(gru_cell("GRUCell without bias and state", {.input_size = 3, .hidden_size = 5, .bias = false}, {nodes}));
  cases.push_back(gated_graph_conv("GatedGraphConv", {.out_channels = 5, .num_layers = 2}, {nodes}));
  cases.push_back(gated_graph_conv("GatedGraphConv edge_weight", {.out_channels = 5, .num_layers = 2}, {state, weight}));
  cases.push_back(gated_graph_conv("GatedGraphConv mean edge_weight without bias",
                                   {.out_channels = 4, .num_layers = 1, .aggr = ops::Aggregation::mean, .bias = false},
                                   {nodes, weight}));
  cases.push_back(gated_graph_conv("GatedGraphConv max", {.out_channels = 4, .num_layers = 1, .aggr = ops::Aggregation::max},
                                   {nodes}));

  LayerCase typed;
  typed.name = "TypedGGNN";
  typed.inputs = {nodes};
  typed.make = [](const LayerBed& bed, DType dtype, const Random& random) {
    // The last type has no edges.
    const nn::TypedGGNNOptions options{.in_channels = 3, .out_channels = 5, .num_types = 4, .steps = 2};
    return built(nn::TypedGGNN("ggnn", options, dtype, random),
                 [graphs = typed_graphs(bed.graph, edge_types(bed.graph), 4)](
                     const nn::TypedGGNN& layer, const Tensors& x) { return layer(graphs, x[0]); });
  };
  cases.push_back(std::move(typed));
}

}  // namespace halograph::testing
