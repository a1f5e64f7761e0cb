// SPDX-License-Identifier: BSD-3-Clause
// Forces and stress against central differences of the energy, and what is known without them: no net force, symmetric
// stress, a supercell of eight times the energy.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/radius.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/problems/potentials.hpp"

namespace halograph::testing {
namespace {

constexpr double cutoff = 1.9, step = 1e-5;
const std::array<Vec3, 3> small_cell{{{1.5, 0, 0}, {0.2, 1.4, 0}, {-0.1, 0.3, 1.6}}};  // smaller than the cutoff

Atoms molecules() { return random_atoms(5, 3, 6); }
Atoms crystal() { return random_crystal(6, 5, small_cell); }

Tensor rows(const Array& values, const Tensor& like) {
  return Tensor::from(std::vector<double>(values.data(), values.data() + values.size()), like.rows(), like.cols(),
                      like.dtype(), like.row_space());
}

template <class F>
double slope(const F& f) {
  return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step);
}

void check_forces(const Atoms& atoms) {
  const AtomBed bed = spread(Communicator(), atoms, cutoff, DType::f64);
  for (const Potential& potential : potentials(cutoff, DType::f64)) {
    SCOPED_TRACE(potential.name);
    const auto found = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, bed.shift});
    const Array forces = to_array(found.forces), pos = to_array(bed.pos);
    for (Eigen::Index k = 0; k < pos.size(); ++k) {
      const double expected = -slope([&](double by) {
        Array there = pos;
        there(k / 3, k % 3) += by;
        return ops::sum(potential.energy(bed, rows(there, bed.pos), bed.shift)).item();
      });
      EXPECT_NEAR(forces(k / 3, k % 3), expected, 1e-8 * (1 + std::abs(expected)))
          << "atom " << k / 3 << ", axis " << k % 3;
    }
    EXPECT_LE(forces.colwise().sum().abs().maxCoeff(), 1e-12 * double(pos.rows()) * (1 + forces.abs().maxCoeff()));
  }
}

TEST(Forces, OfMoleculesAreSlopesOfTheEnergy) { check_forces(molecules()); }
TEST(Forces, OfACrystalAreSlopesOfTheEnergy) { check_forces(crystal()); }

void check_stress(const Atoms& atoms, const std::vector<double>& volumes) {
  const AtomBed bed = spread(Communicator(), atoms, cutoff, DType::f64);
  const Tensor by_graph = Tensor::from(volumes, atoms.n_molecules, 1, DType::f64);
  const auto strained = [](const Array& x, Eigen::Index a, Eigen::Index b, double by) {
    Array y = x;
    y.col(b) += by * x.col(a);
    return y;
  };
  for (const Potential& potential : potentials(cutoff, DType::f64)) {
    SCOPED_TRACE(potential.name);
    const auto found = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, bed.shift},
                                                {.stress = true, .volume = by_graph});
    const Array stress = to_array(found.stress);
    for (Eigen::Index g = 0; g < stress.rows(); ++g)
      for (Eigen::Index a = 0; a < 3; ++a)
        for (Eigen::Index b = 0; b < 3; ++b) {
          // All graphs are strained alike; the energy of each is its own.
          const double expected = slope([&](double by) {
                                    const Tensor pos = rows(strained(to_array(bed.pos), a, b, by), bed.pos);
                                    const Tensor shift = atoms.periodic
                                                             ? rows(strained(to_array(bed.shift), a, b, by), bed.shift)
                                                             : Tensor();
                                    return to_array(potential.energy(bed, pos, shift))(g, 0);
                                  }) /
                                  volumes[std::size_t(g)];
          EXPECT_NEAR(stress(g, 3 * a + b), expected, 1e-8 * (1 + std::abs(expected)));
          EXPECT_NEAR(stress(g, 3 * a + b), stress(g, 3 * b + a), 1e-11);
        }
    EXPECT_GT(stress.abs().maxCoeff(), 1e-4);
  }
}

TEST(Stress, OfMoleculesIsTheSlopeByStrain) { check_stress(molecules(), {1, 2.5, 4}); }
TEST(Stress, OfACrystalIsTheSlopeByStrain) { check_stress(crystal(), {volume(crystal())}); }

TEST(Forces, OfASupercellRepeat) {
  const AtomBed one = spread(Communicator(), crystal(), cutoff, DType::f64);
  const AtomBed eight = spread(Communicator(), supercell(crystal()), cutoff, DType::f64);
  for (const Potential& potential : potentials(cutoff, DType::f64)) {
    SCOPED_TRACE(potential.name);
    const auto of = [&](const AtomBed& bed, double cell_volume) {
      return nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, bed.shift},
                                      {.stress = true, .volume = Tensor::full(1, 1, cell_volume, DType::f64)});
    };
    const auto small = of(one, volume(crystal())), large = of(eight, volume(supercell(crystal())));
    EXPECT_NEAR(large.energy.item(), 8 * small.energy.item(), 1e-10 * std::abs(large.energy.item()));
    EXPECT_LE((to_array(large.stress) - to_array(small.stress)).abs().maxCoeff(), 1e-11);
    EXPECT_NEAR(to_array(large.forces).square().sum(), 8 * to_array(small.forces).square().sum(), 1e-10);
  }
}

TEST(Forces, OfACrystalDoNotDependOnWhoFoundItsEdges) {
  const AtomBed bed = spread(Communicator(), crystal(), cutoff, DType::f64);
  std::vector<double> lattice;
  for (const Vec3& row : small_cell) lattice.insert(lattice.end(), row.begin(), row.end());
  const RadiusGraph near = radius_graph(bed.graph, bed.pos, {.cutoff = cutoff, .lattice = {lattice}});
  ASSERT_EQ(near.graph.n_edges(), bed.graph.n_edges());
  AtomBed found = bed;
  found.graph = near.graph;
  found.shift = near.shift;
  for (const Potential& potential : potentials(cutoff, DType::f64)) {
    SCOPED_TRACE(potential.name);
    const auto of = [&](const AtomBed& one) {
      return nn::energy_forces_stress(potential.on(one), one.graph, one.batch, {one.pos, one.shift}, {.stress = true});
    };
    const auto mine = of(found), expected = of(bed);
    EXPECT_NEAR(mine.energy.item(), expected.energy.item(), 1e-11 * std::abs(expected.energy.item()));
    EXPECT_LE((to_array(mine.forces) - to_array(expected.forces)).abs().maxCoeff(), 1e-11);
    EXPECT_LE((to_array(mine.stress) - to_array(expected.stress)).abs().maxCoeff(), 1e-10);
  }
}

TEST(Forces, OfAtomsOnTopOfEachOtherAreFinite) {
  Atoms atoms = random_atoms(5, 1, 6);
  atoms.atoms[1].pos = atoms.atoms[0].pos;
  const AtomBed bed = spread(Communicator(), atoms, cutoff, DType::f64);
  for (const Potential& potential : potentials(cutoff, DType::f64)) {
    SCOPED_TRACE(potential.name);
    const auto found = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, {}},
                                                {.create_graph = true, .stress = true});
    EXPECT_TRUE(to_array(found.forces).isFinite().all());
    std::vector<Tensor> parameters;
    for (const NamedTensor& named : potential.state)
      if (named.value.requires_grad()) parameters.push_back(named.value);
    const Tensor loss = ops::add(ops::sum(ops::square(found.forces)), ops::sum(ops::square(found.stress)));
    for (const Tensor& g : grad(loss, parameters)) EXPECT_TRUE(to_array(g).isFinite().all());
  }
}

TEST(Forces, AreOffTheTapeUnlessWanted) {
  const AtomBed bed = spread(Communicator(), molecules(), cutoff, DType::f64);
  const Potential potential = potentials(cutoff, DType::f64).front();
  const autograd::RecordingScope off(false);
  const auto found = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, {}});
  EXPECT_FALSE(found.energy.requires_grad());
  EXPECT_FALSE(found.forces.requires_grad());
  EXPECT_FALSE(found.stress.defined());
  EXPECT_FALSE(bed.pos.requires_grad());
  EXPECT_FALSE(autograd::recording());
}

TEST(Forces, RefuseWhatIsNoEnergy) {
  const AtomBed bed = spread(Communicator(), molecules(), cutoff, DType::f64);
  const auto positions = [](const Tensor& pos, const Tensor&) { return pos; };
  EXPECT_THROW(nn::energy_forces_stress(positions, bed.graph, bed.batch, {bed.pos, {}}), UsageError);
  EXPECT_THROW(nn::energy_forces_stress(positions, bed.graph, bed.batch, {{}, {}}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
