// SPDX-License-Identifier: BSD-3-Clause
// Atoms that are rotated, reflected and moved have the same energy, and forces and vectors that went along.
#include <gtest/gtest.h>

#include <Eigen/Dense>

#include <halograph/nn/model.hpp>
#include <halograph/nn/models/egnn.hpp>
#include <halograph/nn/models/painn.hpp>

#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/problems/potentials.hpp"

namespace halograph::testing {
namespace {

constexpr double cutoff = 1.9, tolerance = 1e-10;

struct Motion {
  Eigen::Matrix3d turn;
  Eigen::RowVector3d by;
};

/// Orthogonal matrices of both determinants.
std::vector<Motion> motions() {
  std::vector<Motion> all;
  for (int k = 0; k < 4; ++k) {
    Eigen::Matrix3d m;
    for (int i = 0; i < 9; ++i) m(i / 3, i % 3) = random_value(50 + std::uint64_t(k), i, 0, Values::any);
    Eigen::Matrix3d q = m.householderQr().householderQ();
    if ((q.determinant() < 0) != (k % 2 == 1)) q.col(0) *= -1;
    all.push_back({q, {0.7 + k, -1.3, 0.4}});
  }
  return all;
}

Tensor turned(const Tensor& x, const Motion& motion, bool move) {
  const Array values = (to_array(x).matrix() * motion.turn.transpose()).array();
  std::vector<double> host;
  for (Eigen::Index r = 0; r < values.rows(); ++r)
    for (Eigen::Index c = 0; c < 3; ++c) host.push_back(values(r, c) + (move ? motion.by(c) : 0));
  return Tensor::from(host, x.rows(), 3, x.dtype(), x.row_space());
}

void expect_near(const Tensor& found, const Tensor& expected, const char* what) {
  const Array a = to_array(found), b = to_array(expected);
  EXPECT_LE((a - b).abs().maxCoeff(), tolerance * std::max(1.0, b.abs().maxCoeff())) << what;
}

std::vector<AtomBed> beds() {
  const Communicator alone;
  return {spread(alone, random_atoms(5, 3, 6), cutoff, DType::f64),
          spread(alone, random_crystal(6, 5, {{{1.5, 0, 0}, {0.2, 1.4, 0}, {-0.1, 0.3, 1.6}}}), cutoff, DType::f64)};
}

TEST(Equivariance, OfEnergyAndForces) {
  for (const AtomBed& bed : beds())
    for (const Potential& potential : potentials(cutoff, DType::f64)) {
      SCOPED_TRACE(potential.name + (bed.shift.defined() ? ", crystal" : ""));
      const auto before = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, {bed.pos, bed.shift});
      EXPECT_GT(to_array(before.forces).abs().maxCoeff(), 1e-4) << "no forces to compare";
      for (const Motion& motion : motions()) {
        const nn::Structure there{turned(bed.pos, motion, true),
                                  bed.shift.defined() ? turned(bed.shift, motion, false) : Tensor()};
        const auto after = nn::energy_forces_stress(potential.on(bed), bed.graph, bed.batch, there);
        expect_near(after.energy, before.energy, "energy");
        expect_near(after.forces, turned(before.forces, motion, false), "forces");
      }
    }
}

TEST(Equivariance, OfThePointsOfEGNN) {
  const Communicator alone;
  const AtomBed bed = spread(alone, random_atoms(7, 2, 7), cutoff, DType::f64);
  const Tensor x = random_operand(bed.graph, {Where::nodes, 4}, DType::f64, 9);
  for (const bool normalize : {false, true}) {
    const auto model = nn::make<nn::EGNN>(Scope(Random(4), DType::f64) / "egnn", {.in_channels = 4,
                                                                                  .hidden_channels = 6,
                                                                                  .out_channels = 3,
                                                                                  .num_layers = 3,
                                                                                  .attention = true,
                                                                                  .normalize = normalize});
    // The first weights of coord_mlp move points by next to nothing.
    for (NamedTensor named : state(model))
      if (named.name.ends_with("coord_mlp.2.weight")) named.value.assign(std::vector<double>(6, 0.5));
    const auto before = model(bed.graph, x, bed.pos);
    EXPECT_GT((to_array(before.pos) - to_array(bed.pos)).abs().maxCoeff(), 1e-2);
    for (const Motion& motion : motions()) {
      const auto after = model(bed.graph, x, turned(bed.pos, motion, true));
      expect_near(after.x, before.x, "features");
      expect_near(after.pos, turned(before.pos, motion, true), "points");
    }
  }
}

TEST(Equivariance, OfTheVectorsOfPaiNN) {
  const Communicator alone;
  const AtomBed bed = spread(alone, random_atoms(8, 2, 7), cutoff, DType::f64);
  const auto model = nn::make<nn::PaiNN>(
      Scope(Random(4), DType::f64) / "painn",
      {.hidden_channels = 6, .num_interactions = 3, .num_radial = 5, .cutoff = cutoff, .max_z = max_z});
  const auto before = model->features(bed.graph, bed.z, bed.pos);
  for (const Motion& motion : motions()) {
    const auto after = model->features(bed.graph, bed.z, turned(bed.pos, motion, true));
    expect_near(after.scalar, before.scalar, "scalars");
    for (Eigen::Index a = 0; a < 3; ++a) {
      Array expected = Array::Zero(before.scalar.rows(), before.scalar.cols());
      for (Eigen::Index b = 0; b < 3; ++b) expected += motion.turn(a, b) * to_array(before.vector[std::size_t(b)]);
      const Array found = to_array(after.vector[std::size_t(a)]);
      EXPECT_GT(expected.abs().maxCoeff(), 1e-3);
      EXPECT_LE((found - expected).abs().maxCoeff(), tolerance) << "vectors, axis " << a;
    }
  }
}

}  // namespace
}  // namespace halograph::testing
