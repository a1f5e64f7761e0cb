// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/potentials.hpp"

#include <halograph/nn/model.hpp>
#include <halograph/nn/models/egnn.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::testing {
namespace {

template <class Net>
Potential with_kinds(const std::string& name, const nn::Model<Net>& model) {
  return {name, model.state(), [model](const AtomBed& bed, const Tensor& pos, const Tensor& shift) {
            return model(bed.graph, bed.batch, bed.z, pos, shift);
          }};
}

Potential egnn(const Scope& root) {
  const Scope scope = root.detached();
  const nn::Embedding kind(scope / "kind", {.kinds = max_z, .channels = 3});
  // Without a cutoff function the energy jumps where an edge comes or goes; at fixed edges it is smooth.
  const nn::EGNN model(scope / "egnn", {.in_channels = 3, .hidden_channels = 6, .out_channels = 1, .num_layers = 2});
  return {"EGNN", scope.state(), [kind, model](const AtomBed& bed, const Tensor& pos, const Tensor& shift) {
            return ops::graph_sum(bed.batch, model(bed.graph, kind(bed.z), pos, {}, shift).x);
          }};
}

}  // namespace

std::vector<Potential> potentials(double cutoff, DType dtype) {
  const Scope scope(Random(3), dtype);
  nn::PaiNNOptions painn{
      .hidden_channels = 6, .num_interactions = 2, .num_radial = 5, .cutoff = cutoff, .max_z = max_z};
  const auto bessel = nn::make<nn::PaiNN>(scope / "painn", painn);
  painn.radial_basis = nn::RadialBasis::gaussian;
  return {with_kinds("SchNet", nn::make<nn::SchNet>(scope / "schnet", {.hidden_channels = 6,
                                                                       .num_filters = 5,
                                                                       .num_interactions = 2,
                                                                       .num_gaussians = 7,
                                                                       .cutoff = cutoff,
                                                                       .max_z = max_z})),
          with_kinds("PaiNN", bessel), with_kinds("PaiNN gaussian", nn::make<nn::PaiNN>(scope / "painn", painn)),
          egnn(scope)};
}

}  // namespace halograph::testing
