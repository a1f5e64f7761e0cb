// SPDX-License-Identifier: BSD-3-Clause
// Atoms of one graph spread over ranks: energy, forces, stress and the gradients of a loss on all of them have the bits
// of one rank, and so has a model that was trained on forces.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/state.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/digests/same_rows.hpp"
#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/problems/potentials.hpp"

namespace halograph::testing {
namespace {

constexpr double cutoff = 1.9;

std::vector<Tensor> values_of(const std::vector<NamedTensor>& parameters) {
  std::vector<Tensor> values;
  for (const NamedTensor& named : parameters) values.push_back(named.value);
  return values;
}

/// Energy, forces, stress, and the gradients by positions and parameters of a loss on them.
std::vector<Tensor> results(const Communicator& comm, const Atoms& atoms, std::size_t which, DType dtype) {
  AtomBed bed = spread(comm, atoms, cutoff, dtype);
  const Potential potential = potentials(cutoff, dtype)[which];
  bed.pos.set_requires_grad();
  const auto found = nn::energy_forces_stress(
      potential.on(bed), bed.graph, bed.batch, {bed.pos, bed.shift},
      {.create_graph = true, .stress = true, .volume = Tensor::full(atoms.n_molecules, 1, 3.5, dtype)});
  std::vector<Tensor> all{found.energy, found.forces, found.stress};
  Tensor loss = Tensor::zeros(1, 1, dtype);
  for (const Tensor& y : all) loss = ops::add(loss, ops::mean_square_error(y, random_like(y, 31)));
  std::vector<Tensor> by = values_of(trainable(potential.state));
  by.push_back(bed.pos);
  all.push_back(loss);
  for (const Tensor& gradient : grad(loss, by)) all.push_back(gradient);
  return all;
}

void compare(const Atoms& atoms) {
  const std::size_t count = potentials(cutoff, DType::f64).size();
  for (std::size_t which = 0; which < count; ++which)
    for (const DType dtype : {DType::f32, DType::f64}) {
      const auto alone = results(Communicator(MPI_COMM_SELF), atoms, which, dtype);
      const auto shared = results(Communicator(MPI_COMM_WORLD), atoms, which, dtype);
      SCOPED_TRACE(potentials(cutoff, dtype)[which].name);
      ASSERT_EQ(shared.size(), alone.size());
      for (std::size_t i = 0; i < alone.size(); ++i) expect_rows_of(shared[i], alone[i], i);
    }
}

TEST(ForcesOverRanks, HaveTheSameBitsForMolecules) { compare(random_atoms(5, 3, 8)); }
TEST(ForcesOverRanks, HaveTheSameBitsForACrystal) {
  compare(random_crystal(6, 9, {{{1.8, 0, 0}, {0.2, 1.7, 0}, {-0.1, 0.3, 1.9}}}));
}

/// Morse's potential: depth 1, minimum at 1.1, width 1 / 1.5. Of every pair in a molecule.
struct Morse {
  std::vector<double> energy;
  std::vector<Vec3> forces;
  explicit Morse(const Atoms& all) : energy(std::size_t(all.n_molecules)), forces(all.atoms.size()) {
    for (std::size_t i = 0; i < all.atoms.size(); ++i)
      for (std::size_t j = 0; j < all.atoms.size(); ++j) {
        if (i == j || all.atoms[i].molecule != all.atoms[j].molecule) continue;
        Vec3 from{};
        double d = 0;
        for (std::size_t a = 0; a < 3; ++a) {
          from[a] = all.atoms[i].pos[a] - all.atoms[j].pos[a];
          d += from[a] * from[a];
        }
        d = std::sqrt(d);
        const double decay = std::exp(-1.5 * (d - 1.1));
        energy[std::size_t(all.atoms[i].molecule)] += 0.5 * ((1 - decay) * (1 - decay) - 1);
        for (std::size_t a = 0; a < 3; ++a) forces[i][a] -= 2 * 1.5 * (1 - decay) * decay * from[a] / d;
      }
  }
};

struct Run {
  double first = 0, last = 0;
  std::vector<Tensor> weights;
};

template <class Model>
Run train(const Communicator& comm, const Model& model, int steps) {
  constexpr double reach = 4;  // all pairs
  const Atoms atoms = random_atoms(11, 6, 5);
  const Morse target(atoms);
  const AtomBed bed = spread(comm, atoms, reach, DType::f32);
  const Tensor energy = Tensor::from(target.energy, atoms.n_molecules, 1, DType::f32);
  const Tensor forces = on_atoms(bed, target.forces, DType::f32);
  optim::Adam adam(parameters(model), {});
  Run run;
  run.weights = values_of(adam.parameters());
  for (int step = 0; step < steps; ++step) {
    const auto found = nn::energy_forces_stress(
        [&](const Tensor& pos, const Tensor& shift) { return model(bed.graph, bed.batch, bed.z, pos, shift); },
        bed.graph, bed.batch, {bed.pos, {}}, {.create_graph = true});
    const Tensor loss = ops::add(ops::scale_shift(ops::mean_square_error(found.energy, energy), 0.1),
                                 ops::mean_square_error(found.forces, forces));
    run.last = loss.item();
    if (step == 0) run.first = run.last;
    adam.step(grad(loss, run.weights), 5e-3);
  }
  return run;
}

template <class Make>
void check_training(const Make& make, int steps) {
  const Run alone = train(Communicator(MPI_COMM_SELF), make(), steps);
  const Run shared = train(Communicator(MPI_COMM_WORLD), make(), steps);
  EXPECT_LT(shared.last, 0.3 * shared.first) << "nothing was learnt";
  EXPECT_EQ(shared.last, alone.last);
  ASSERT_EQ(shared.weights.size(), alone.weights.size());
  for (std::size_t i = 0; i < alone.weights.size(); ++i) expect_rows_of(shared.weights[i], alone.weights[i], i);
}

TEST(ForceTraining, OfSchNetHasTheSameBits) {
  check_training(
      [] {
        return nn::make<nn::SchNet>(Scope(Random(1), DType::f32), {.hidden_channels = 16,
                                                                   .num_filters = 16,
                                                                   .num_interactions = 2,
                                                                   .num_gaussians = 16,
                                                                   .cutoff = 4,
                                                                   .max_z = max_z});
      },
      40);
}

TEST(ForceTraining, OfPaiNNHasTheSameBits) {
  check_training(
      [] {
        return nn::make<nn::PaiNN>(
            Scope(Random(1), DType::f32),
            {.hidden_channels = 16, .num_interactions = 2, .num_radial = 10, .cutoff = 4, .max_z = max_z});
      },
      40);
}

}  // namespace
}  // namespace halograph::testing
