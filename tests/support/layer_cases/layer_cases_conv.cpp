// SPDX-License-Identifier: BSD-3-Clause
#include <type_traits>

#include <halograph/nn/conv/appnp.hpp>
#include <halograph/nn/conv/cg_conv.hpp>
#include <halograph/nn/conv/cheb_conv.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/gin_conv.hpp>
#include <halograph/nn/conv/graph_conv.hpp>
#include <halograph/nn/conv/le_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/conv/sg_conv.hpp>
#include <halograph/nn/conv/simple_conv.hpp>
#include <halograph/nn/conv/tag_conv.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;
using ops::Aggregation;

const Operand nodes{Where::nodes, 5}, edges{Where::edges, 3}, weights{Where::edges, 1, 1, Values::positive};

/// A layer whose call takes the graph and all inputs.
template <class Layer, class Options>
LayerCase make(const char* name, std::vector<Operand> inputs, const Options& options) {
  LayerCase c;
  c.name = name;
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

/// A layer without parameters.
template <class Layer, class Options>
LayerCase make_plain(const char* name, std::vector<Operand> inputs, const Options& options) {
  LayerCase c;
  c.name = name;
  c.inputs = std::move(inputs);
  c.make = [options](const LayerBed& bed, const Scope&) {
    return [layer = Layer(options), graph = bed.graph](const Tensors& x) {
      return Tensors{layer(graph, x[0], x.size() > 1 ? x[1] : Tensor())};
    };
  };
  return c;
}

LayerCase simple(const char* name, std::vector<Operand> inputs, const nn::SimpleConvOptions& options) {
  return make_plain<nn::SimpleConv>(name, std::move(inputs), options);
}

LayerCase normed_cg_conv() {
  LayerCase c;
  c.name = "CGConv with batch norm";
  c.inputs = {nodes, edges};
  c.make = [](const LayerBed& bed, const Scope& scope) {
    const nn::CGConv layer(scope / "conv", {.channels = 5, .dim = 3, .batch_norm = true});
    return
        [layer, graph = bed.graph](const Tensors& x) { return Tensors{layer(graph, x[0], x[1], nn::Mode::train())}; };
  };
  return c;
}

/// The loop that stays of several is the last one, by edge ids: with weights, other ids may keep another one.
LayerCase keeping_one_loop(LayerCase c) {
  c.equivariant = false;
  return c;
}

nn::SequentialOptions network(std::vector<std::int64_t> channels) {
  return {.channels = std::move(channels), .activation = Activation::tanh};
}

void add_sums(std::vector<LayerCase>& cases) {
  using nn::GraphConv, nn::GraphConvOptions, nn::SAGEConv, nn::SAGEConvOptions, nn::CombineRoot;
  cases.push_back(make<GraphConv>("GraphConv", {nodes, weights}, GraphConvOptions{5, 3}));
  cases.push_back(make<GraphConv>("GraphConv wide", {nodes}, GraphConvOptions{5, 7}));
  cases.push_back(
      make<GraphConv>("GraphConv mean", {nodes, weights}, GraphConvOptions{5, 4, Aggregation::mean, false}));
  cases.push_back(make<GraphConv>("GraphConv max", {nodes, weights}, GraphConvOptions{5, 4, Aggregation::max}));
  cases.push_back(simple("SimpleConv lists", {nodes, weights},
                         {{Aggregation::sum, Aggregation::mean, Aggregation::min}, CombineRoot::cat}));
  cases.push_back(simple("SimpleConv sums", {nodes}, {{Aggregation::mean, Aggregation::sum}, CombineRoot::cat}));
  cases.push_back(simple("SimpleConv root", {nodes, weights}, {{Aggregation::sum}, CombineRoot::sum}));
  cases.push_back(simple("SimpleConv loops", {nodes, weights}, {{Aggregation::mean}, CombineRoot::self_loop}));
  cases.push_back(simple("SimpleConv loops of the largest", {nodes}, {{Aggregation::max}, CombineRoot::self_loop}));
  cases.push_back(make<SAGEConv>("SAGEConv", {nodes}, SAGEConvOptions{.in_channels = 5, .out_channels = 3}));
  cases.push_back(
      make<SAGEConv>("SAGEConv normalised", {nodes},
                     SAGEConvOptions{.in_channels = 5, .out_channels = 6, .normalize = true, .bias = false}));
  cases.push_back(make<SAGEConv>("SAGEConv projected, of several", {nodes},
                                 SAGEConvOptions{.in_channels = 5,
                                                 .out_channels = 4,
                                                 .aggr = {Aggregation::mean, Aggregation::max, Aggregation::std},
                                                 .root_weight = false,
                                                 .project = true}));
}

void add_networks(std::vector<LayerCase>& cases) {
  using nn::CGConv, nn::CGConvOptions, nn::NNConv, nn::NNConvOptions, nn::GINConv, nn::GINEConv;
  cases.push_back(make<GINConv>("GINConv", {nodes}, nn::GINConvOptions{network({5, 6, 4}), 0.3, true}));
  cases.push_back(make<GINConv>("GINConv fixed", {nodes}, nn::GINConvOptions{network({5, 4}), 0.1}));
  cases.push_back(make<GINEConv>("GINEConv", {nodes, edges}, nn::GINEConvOptions{network({5, 6, 4}), 0.3, true, 3}));
  cases.push_back(
      make<GINEConv>("GINEConv of equal channels", {nodes, {Where::edges, 5}}, nn::GINEConvOptions{network({5, 4})}));
  cases.push_back(make<NNConv>("NNConv", {nodes, edges}, NNConvOptions{5, 2, network({3, 4, 10})}));
  cases.push_back(make<NNConv>("NNConv of one linear layer, mean", {nodes, edges},
                               NNConvOptions{5, 2, network({3, 10}), Aggregation::mean, false, false}));
  cases.push_back(
      make<NNConv>("NNConv max", {nodes, edges}, NNConvOptions{5, 2, network({3, 4, 10}), Aggregation::max}));
  cases.push_back(make<CGConv>("CGConv", {nodes, edges}, CGConvOptions{5, 3}));
  cases.push_back(normed_cg_conv());
  cases.push_back(
      make<CGConv>("CGConv without edge_attr", {nodes}, CGConvOptions{5, 0, Aggregation::mean, false, false}));
}

void add_adjacencies(std::vector<LayerCase>& cases) {
  using nn::GCNConv, nn::GCNConvOptions;
  cases.push_back(make<GCNConv>("GCNConv", {nodes}, GCNConvOptions{5, 3}));
  cases.push_back(keeping_one_loop(make<GCNConv>("GCNConv improved", {nodes, weights}, GCNConvOptions{5, 8, true})));
  cases.push_back(make<GCNConv>("GCNConv without loops", {nodes, weights}, GCNConvOptions{5, 5, false, false}));
  cases.push_back(make<GCNConv>("GCNConv as it is", {nodes, weights}, GCNConvOptions{5, 3, false, {}, false, false}));
  cases.push_back(make<nn::TAGConv>("TAGConv", {nodes, weights}, nn::TAGConvOptions{5, 3, 2}));
  cases.push_back(keeping_one_loop(make<nn::SGConv>("SGConv", {nodes, weights}, nn::SGConvOptions{5, 3, 2})));
  cases.push_back(make<nn::SGConv>("SGConv without weights", {nodes}, nn::SGConvOptions{5, 6, 1}));
  cases.push_back(keeping_one_loop(make_plain<nn::APPNP>("APPNP", {nodes, weights}, nn::APPNPOptions{3, 0.1})));
  cases.push_back(make<nn::LEConv>("LEConv", {nodes, weights}, nn::LEConvOptions{5, 3}));
  cases.push_back(make<nn::LEConv>("LEConv without weights", {nodes}, nn::LEConvOptions{5, 3, false}));
  cases.push_back(make<nn::ChebConv>("ChebConv", {nodes, weights}, nn::ChebConvOptions{5, 3, 3, 1.5}));
  cases.push_back(make<nn::ChebConv>("ChebConv of two", {nodes}, nn::ChebConvOptions{5, 3, 2}));
}

}  // namespace

void add_conv_layers(std::vector<LayerCase>& cases) {
  add_sums(cases);
  add_networks(cases);
  add_adjacencies(cases);
}

}  // namespace halograph::testing
