// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/edge_conv.hpp>
#include <halograph/nn/conv/gat_conv.hpp>
#include <halograph/nn/conv/gatv2_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/nn/softmax_aggregation.hpp>
#include <halograph/ops/linear.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;
using ops::Aggregation;

const Operand nodes{Where::nodes, 4}, features{Where::edges, 3};

/// A layer that is called with a graph and all inputs.
template <class Layer, class Options>
LayerCase make(std::string name, std::vector<Operand> inputs, const Options& options) {
  LayerCase c;
  c.name = std::move(name);
  c.inputs = std::move(inputs);
  c.make = [options](const LayerBed& bed, const Scope& scope) {
    const Layer layer(scope / "conv", options);
    return [layer, graph = bed.graph](const Tensors& x) {
      if constexpr (std::is_invocable_v<Layer, const Graph&, const Tensor&, const Tensor&>)
        return Tensors{layer(graph, x[0], x.size() > 1 ? x[1] : Tensor())};
      else return Tensors{layer(graph, x[0])};
    };
  };
  return c;
}

void add_edge_conv(std::vector<LayerCase>& cases) {
  const auto add = [&](const char* name, std::vector<std::int64_t> channels, Aggregation aggr, Activation act,
                       bool norm) {
    nn::EdgeConvOptions options;
    options.nn = {.channels = std::move(channels), .activation = act, .layer_norm = norm};
    options.aggr = aggr;
    cases.push_back(make<nn::EdgeConv>(name, {nodes}, options));
  };
  add("EdgeConv max", {8, 7, 5}, Aggregation::max, Activation::tanh, false);
  add("EdgeConv sum, three layers", {8, 7, 6, 5}, Aggregation::sum, Activation::elu, false);
  add("EdgeConv mean, composed activation", {8, 7, 5}, Aggregation::mean, Activation::selu, false);
  add("EdgeConv sum, single layer", {8, 5}, Aggregation::sum, Activation::tanh, false);
  add("EdgeConv mean, single layer", {8, 5}, Aggregation::mean, Activation::tanh, false);
  add("EdgeConv sum, single layer and norm", {8, 5}, Aggregation::sum, Activation::tanh, true);
  add("EdgeConv softmax", {8, 7, 5}, Aggregation::softmax, Activation::silu, false);
}

template <class Layer>
void add_attention(std::vector<LayerCase>& cases, const std::string& name) {
  nn::GATConvOptions options;
  options.in_channels = 4;
  options.out_channels = 3;
  cases.push_back(make<Layer>(name, {nodes}, options));
  options.heads = 2;
  cases.push_back(make<Layer>(name + " 2 heads", {nodes}, options));
  options.add_self_loops = false;
  options.residual = true;
  cases.push_back(make<Layer>(name + " residual, edges as they are", {nodes}, options));
  options.edge_dim = 3;
  options.concat = false;
  cases.push_back(make<Layer>(name + " mean of heads, edge features", {nodes, features}, options));
  options.add_self_loops = true;
  options.bias = false;
  cases.push_back(make<Layer>(name + " loops with edge features", {nodes, features}, options));
}

template <class Layer>
void add_dropout(std::vector<LayerCase>& cases, const std::string& name) {
  LayerCase c;
  c.name = name + " dropout";
  c.inputs = {nodes};
  c.make = [](const LayerBed& bed, const Scope& scope) {
    const Layer layer(scope / "conv", {.in_channels = 4, .out_channels = 3, .heads = 2, .dropout = 0.4});
    return [layer, graph = bed.graph](const Tensors& x) { return Tensors{layer(graph, x[0], {}, nn::Mode::train(3))}; };
  };
  c.equivariant = false;
  cases.push_back(std::move(c));
}

void add_pna(std::vector<LayerCase>& cases) {
  using enum nn::DegreeScaler;
  nn::PNAConvOptions options;
  options.in_channels = 4;
  options.out_channels = 6;
  options.aggregators = {Aggregation::mean, Aggregation::min, Aggregation::max, Aggregation::std};
  options.scalers = {identity, amplification, attenuation};
  options.deg = {1, 3, 5, 9, 2};
  options.act = Activation::tanh;
  cases.push_back(make<nn::PNAConv>("PNAConv", {nodes}, options));
  options.aggregators = {Aggregation::sum, Aggregation::var};
  options.scalers = {linear, inverse_linear};
  options.towers = 2;
  options.pre_layers = 2;
  options.post_layers = 2;
  options.edge_dim = 3;
  cases.push_back(make<nn::PNAConv>("PNAConv 2 towers of 2 layers, edge features", {nodes, features}, options));
  options.divide_input = true;
  options.edge_dim = 0;
  cases.push_back(make<nn::PNAConv>("PNAConv divided input", {nodes}, options));
}

/// A layer as a user writes one: attention by distance, with several aggregations.
struct Formula {
  Formula(const Scope& scope, int) : lin(scope, 8, 5) {}
  Tensor operator()(const Graph& graph, const Tensor& x) const {
    const auto message = [&](const nn::Ends& e) {
      return ops::tanh(ops::multiply(ops::subtract(e.source(), e.target()), e.source(ops::sine(x))));
    };
    return lin(nn::propagate(graph, x, message, {Aggregation::mean, Aggregation::softmax}));
  }
  nn::Linear lin;
};

}  // namespace

void add_attention_layers(std::vector<LayerCase>& cases) {
  add_edge_conv(cases);
  add_attention<nn::GATConv>(cases, "GATConv");
  add_attention<nn::GATv2Conv>(cases, "GATv2Conv");
  add_dropout<nn::GATConv>(cases, "GATConv");
  add_dropout<nn::GATv2Conv>(cases, "GATv2Conv");
  nn::GATConvOptions shared;
  shared.in_channels = 4;
  shared.out_channels = 2;
  shared.share_weights = true;
  cases.push_back(make<nn::GATv2Conv>("GATv2Conv shared weights", {nodes}, shared));
  add_pna(cases);
  cases.push_back(make<Formula>("propagate", {nodes}, 0));
  cases.push_back(make<nn::SoftmaxAggregation>("SoftmaxAggregation", {features},
                                               nn::SoftmaxAggregationOptions{.t = 0.7, .learn = true, .channels = 3}));
}

}  // namespace halograph::testing
