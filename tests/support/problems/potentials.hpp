// SPDX-License-Identifier: BSD-3-Clause
// Models of the energy of atoms, small and of one kind of call: what tests of forces walk.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/nn/forces.hpp>

#include "tests/support/problems/atoms.hpp"

namespace halograph::testing {

struct Potential {
  std::string name;
  std::vector<NamedTensor> state;
  /// (bed, positions, shifts) -> energies [n_graphs, 1]. Collective.
  std::function<Tensor(const AtomBed&, const Tensor&, const Tensor&)> energy;

  nn::EnergyModel on(const AtomBed& bed) const {
    return [this, &bed](const Tensor& pos, const Tensor& shift) { return energy(bed, pos, shift); };
  }
};

/// SchNet, PaiNN with both bases, and EGNN with a sum over its outputs.
std::vector<Potential> potentials(double cutoff, DType dtype);

}  // namespace halograph::testing
