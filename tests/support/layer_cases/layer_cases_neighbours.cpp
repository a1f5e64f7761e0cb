// SPDX-License-Identifier: BSD-3-Clause
// Layers that find their neighbours in their features. k is such that the steps of the differences do not change
// them.
#include <halograph/nn/conv/dynamic_edge_conv.hpp>
#include <halograph/nn/conv/gravnet_conv.hpp>
#include <halograph/nn/models/dgcnn.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;
using ops::Aggregation;

template <class Layer, class Options>
LayerCase on_nodes(std::string name, const Options& options, bool batched) {
  return {std::move(name), {{Where::nodes, 4}}, [options, batched](const LayerBed& bed, const Scope& scope) {
            const Layer layer(scope / "conv", options);
            return [layer, bed, batched](const Tensors& x) {
              return Tensors{batched ? layer(bed.graph, bed.batch, x[0]) : layer(bed.graph, x[0])};
            };
          }};
}

void add_dynamic_edge_conv(std::vector<LayerCase>& cases) {
  nn::DynamicEdgeConvOptions options;
  options.nn = {.channels = {8, 7, 5}, .activation = Activation::tanh};
  options.k = 4;
  cases.push_back(on_nodes<nn::DynamicEdgeConv>("DynamicEdgeConv max", options, false));
  options.aggr = Aggregation::mean;
  cases.push_back(on_nodes<nn::DynamicEdgeConv>("DynamicEdgeConv mean in a batch", options, true));
  options.k = 1000;
  options.nn.channels = {8, 5};
  cases.push_back(on_nodes<nn::DynamicEdgeConv>("DynamicEdgeConv with all others", options, true));
}

void add_gravnet_conv(std::vector<LayerCase>& cases) {
  nn::GravNetConvOptions options{
      .in_channels = 4, .out_channels = 3, .space_dimensions = 3, .propagate_dimensions = 5, .k = 6};
  cases.push_back(on_nodes<nn::GravNetConv>("GravNetConv", options, false));
  options.k = 5;
  cases.push_back(on_nodes<nn::GravNetConv>("GravNetConv in a batch", options, true));
  options.k = 6;
  options.include_self = false;
  options.max_first = true;
  options.activation = Activation::tanh;
  options.potential = {.scale = 1};
  cases.push_back(on_nodes<nn::GravNetConv>("GravNetConv of the paper", options, true));
  options.potential = {.scale = 10, .quartic = true};
  cases.push_back(on_nodes<nn::GravNetConv>("GravNetConv quartic", options, false));
}

/// Small models with all their parts. In evaluation, the empty graph of the batch stands at the kink of an activation.
template <class Model, class Options>
LayerCase model(std::string name, const Options& options, const nn::Mode& mode) {
  return {.name = std::move(name),
          .inputs = {{Where::nodes, 4}},
          .make =
              [options, mode](const LayerBed& bed, const Scope& scope) {
                const Model layer(scope / "net", options);
                return
                    [layer, bed, mode](const Tensors& x) { return Tensors{layer(bed.graph, bed.batch, x[0], mode)}; };
              },
          .smooth = mode.training,
          .twice = false};
}

void add_dgcnn(std::vector<LayerCase>& cases) {
  const nn::DGCNNOptions classes{.in_channels = 4,
                                 .out_channels = 3,
                                 .k = 4,
                                 .convs = {{5}, {6, 4}},
                                 .embedding = 7,
                                 .hidden = {6, 5},
                                 .dropout = 0};
  const nn::DGCNNSegmentationOptions points{
      .in_channels = 4, .out_channels = 3, .k = 4, .convs = {{5, 4}, {6}}, .embedding = 7, .hidden = {6}, .dropout = 0};
  cases.push_back(model<nn::DGCNN>("DGCNN in evaluation", classes, nn::Mode::evaluate()));
  cases.push_back(model<nn::DGCNN>("DGCNN in training", classes, nn::Mode::train()));
  cases.push_back(model<nn::DGCNNSegmentation>("DGCNNSegmentation in training", points, nn::Mode::train()));
}

}  // namespace

void add_neighbours_layers(std::vector<LayerCase>& cases) {
  add_dynamic_edge_conv(cases);
  add_gravnet_conv(cases);
  add_dgcnn(cases);
}

}  // namespace halograph::testing
