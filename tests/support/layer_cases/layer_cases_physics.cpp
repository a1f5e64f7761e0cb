// SPDX-License-Identifier: BSD-3-Clause
// Models of atoms. The graph of the bed has self-loops, edges of length 0, and repeated edges.
#include <halograph/nn/conv/cf_conv.hpp>
#include <halograph/nn/conv/egnn_conv.hpp>
#include <halograph/nn/forces.hpp>
#include <halograph/nn/models/egnn.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

template <class Layer, class Options, class Call>
LayerCase make(std::string name, std::vector<Operand> inputs, const Options& options, Call call) {
  LayerCase c;
  c.name = std::move(name);
  c.inputs = std::move(inputs);
  c.make = [options, call](const LayerBed& bed, const Scope& scope) {
    const Layer layer(scope / "layer", options);
    return [layer, call, bed](const Tensors& x) { return call(layer, bed, x); };
  };
  return c;
}

const Operand x4{Where::nodes, 4}, pos{Where::nodes, 3}, shift{Where::edges, 3}, edges2{Where::edges, 2};

/// The number of its graph stands for the kind of an atom.
template <class Model>
Tensor energy(const Model& model, const LayerBed& bed, const Tensor& at, const Tensor& moved) {
  return model(bed.graph, bed.batch, Kinds(bed.batch), at, moved);
}

template <class Model, class Options>
void add_energy_model(std::vector<LayerCase>& cases, const std::string& name, Options options) {
  LayerCase c;
  const auto make_model = [options](const LayerBed& bed, const Scope& scope) {
    Options o = options;
    o.max_z = bed.batch.n_graphs();
    return Model(scope / "model", o);
  };
  c.name = name;
  c.inputs = {pos, shift};
  c.make = [make_model](const LayerBed& bed, const Scope& scope) {
    const Model model = make_model(bed, scope);
    return [model, bed](const Tensors& x) { return Tensors{energy(model, bed, x[0], x[1])}; };
  };
  cases.push_back(c);
  c.name = name + " forces and stress";
  c.make = [make_model](const LayerBed& bed, const Scope& scope) {
    const Model model = make_model(bed, scope);
    return [model, bed](const Tensors& x) {
      const auto found =
          nn::energy_forces_stress([&](const Tensor& at, const Tensor& moved) { return energy(model, bed, at, moved); },
                                   bed.graph, bed.batch, {x[0], x[1]}, {.create_graph = true, .stress = true});
      return Tensors{found.forces, found.stress};
    };
  };
  cases.push_back(c);
}

}  // namespace

void add_physics_layers(std::vector<LayerCase>& cases) {
  using nn::EGNNConvOptions;
  const auto conv = [](const nn::CFConv& layer, const LayerBed& bed, const Tensors& x) {
    return Tensors{layer(bed.graph, x[0], x[1], x[2])};
  };
  const Operand distance{Where::edges, 1, 1, Values::positive}, basis{Where::edges, 3};
  cases.push_back(make<nn::CFConv>(
      "CFConv", {x4, distance, basis},
      nn::CFConvOptions{.in_channels = 4, .out_channels = 3, .num_filters = 5, .edge_dim = 3, .cutoff = 1.2}, conv));
  cases.push_back(make<nn::CFConv>(
      "CFConv without mask", {x4, distance, basis},
      nn::CFConvOptions{
          .in_channels = 4, .out_channels = 3, .num_filters = 5, .edge_dim = 3, .cutoff = 1.2, .mask_cutoff = false},
      conv));

  const auto egnn = [](const auto& layer, const LayerBed& bed, const Tensors& x) {
    const auto found = layer(bed.graph, x[0], x[1], x.size() > 2 ? x[2] : Tensor(), x.size() > 3 ? x[3] : Tensor());
    return Tensors{found.x, found.pos};
  };
  cases.push_back(make<nn::EGNNConv>("EGNNConv", {x4, pos, edges2},
                                     EGNNConvOptions{.in_channels = 4, .out_channels = 4, .hidden = 6, .edge_dim = 2},
                                     egnn));
  cases.push_back(make<nn::EGNNConv>("EGNNConv attention tanh sum shift", {x4, pos, edges2, shift},
                                     EGNNConvOptions{.in_channels = 4,
                                                     .out_channels = 3,
                                                     .hidden = 6,
                                                     .edge_dim = 2,
                                                     .residual = false,
                                                     .attention = true,
                                                     .tanh = true,
                                                     .coords_agg = ops::Aggregation::sum},
                                     egnn));
  // The divisor is held constant on purpose: differences see it change.
  cases.push_back(
      make<nn::EGNNConv>("EGNNConv normalize", {x4, pos},
                         EGNNConvOptions{.in_channels = 4, .out_channels = 4, .hidden = 6, .normalize = true}, egnn));
  cases.back().smooth = cases.back().twice = false;
  cases.push_back(make<nn::EGNN>(
      "EGNN", {x4, pos}, nn::EGNNOptions{.in_channels = 4, .hidden_channels = 5, .out_channels = 2, .num_layers = 2},
      egnn));

  add_energy_model<nn::SchNet>(
      cases, "SchNet",
      nn::SchNetOptions{
          .hidden_channels = 4, .num_filters = 3, .num_interactions = 2, .num_gaussians = 4, .cutoff = 2});
  add_energy_model<nn::SchNet>(cases, "SchNet mean",
                               nn::SchNetOptions{.hidden_channels = 4,
                                                 .num_filters = 3,
                                                 .num_interactions = 1,
                                                 .num_gaussians = 4,
                                                 .cutoff = 2,
                                                 .readout = ops::Aggregation::mean,
                                                 .mask_cutoff = false});
  add_energy_model<nn::PaiNN>(
      cases, "PaiNN",
      nn::PaiNNOptions{.hidden_channels = 4, .num_interactions = 2, .num_radial = 4, .cutoff = 2, .epsilon = 0.1});
  add_energy_model<nn::PaiNN>(cases, "PaiNN gaussian mean",
                              nn::PaiNNOptions{.hidden_channels = 4,
                                               .num_interactions = 1,
                                               .num_radial = 4,
                                               .cutoff = 2,
                                               .radial_basis = nn::RadialBasis::gaussian,
                                               .readout = ops::Aggregation::mean,
                                               .epsilon = 0.1});
}

}  // namespace halograph::testing
