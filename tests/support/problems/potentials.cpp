// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/potentials.hpp"

#include <halograph/nn/models/egnn.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::testing {
namespace {

template <class Model>
Potential with_kinds(const std::string& name, const Model& model) {
  Potential potential{name, {}, [model](const AtomBed& bed, const Tensor& pos, const Tensor& shift) {
                        return model(bed.graph, bed.batch, bed.z, pos, shift);
                      }};
  model.collect(potential.state);
  return potential;
}

Potential egnn(DType dtype, const Random& random) {
  const nn::Embedding kind(Scope(random, dtype) / "kind", max_z, 3);
  // Without a cutoff function the energy jumps where an edge comes or goes; at fixed edges it is smooth.
  const nn::EGNN model(Scope(random, dtype) / "egnn",
                       {.in_channels = 3, .hidden_channels = 6, .out_channels = 1, .num_layers = 2});
  Potential potential{"EGNN", {}, [kind, model](const AtomBed& bed, const Tensor& pos, const Tensor& shift) {
                        return ops::graph_sum(bed.batch, model(bed.graph, kind(bed.z), pos, {}, shift).x);
                      }};
  kind.collect(potential.state);
  model.collect(potential.state);
  return potential;
}

}  // namespace

std::vector<Potential> potentials(double cutoff, DType dtype) {
  const Random random(3);
  return {
      with_kinds(Scope(random, dtype) / "SchNet", nn::SchNet("schnet", {.hidden_channels = 6,
                                                                        .num_filters = 5,
                                                                        .num_interactions = 2,
                                                                        .num_gaussians = 7,
                                                                        .cutoff = cutoff,
                                                                        .max_z = max_z})),
      with_kinds(
          Scope(random, dtype) / "PaiNN",
          nn::PaiNN("painn",
                    {.hidden_channels = 6, .num_interactions = 2, .num_radial = 5, .cutoff = cutoff, .max_z = max_z})),
      with_kinds(Scope(random, dtype) / "PaiNN gaussian", nn::PaiNN("painn", {.hidden_channels = 6,
                                                                              .num_interactions = 2,
                                                                              .num_radial = 5,
                                                                              .cutoff = cutoff,
                                                                              .radial_basis = "gaussian",
                                                                              .max_z = max_z})),
      egnn(dtype, random)};
}

}  // namespace halograph::testing
