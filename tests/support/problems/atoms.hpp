// SPDX-License-Identifier: BSD-3-Clause
// Small molecules and crystals for tests: their graphs by brute force over all pairs and periodic images.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/dist/kinds.hpp>
#include <halograph/graph/dist/migration.hpp>

namespace halograph::testing {

using Vec3 = std::array<double, 3>;

struct Atom {
  Vec3 pos;
  std::int32_t z;
  std::int32_t molecule;
};

struct Atoms {
  std::vector<Atom> atoms;
  std::int64_t n_molecules = 1;
  std::array<Vec3, 3> cell{};  ///< rows are lattice vectors
  bool periodic = false;
};

/// `molecules` clusters of `each` atoms of kinds 1 to 3, no two of a cluster closer than 0.8; or one crystal.
Atoms random_atoms(std::uint64_t seed, std::int64_t molecules, std::int64_t each);
Atoms random_crystal(std::uint64_t seed, std::int64_t n, const std::array<Vec3, 3>& cell);
/// Twice the cell along every axis, with all the atoms in it.
Atoms supercell(const Atoms& crystal);
double volume(const Atoms& crystal);

/// Atoms spread over the ranks of a communicator in a few patches, with an edge for every pair closer than the cutoff.
struct AtomBed {
  Graph graph;
  Batch batch;
  Kinds z;
  Tensor pos, shift;  ///< shift undefined unless periodic
  Migration nodes;    ///< from the list: atom i starts on rank i modulo size
};
constexpr std::int64_t max_z = 10;
/// Collective.
AtomBed spread(const Communicator& comm, const Atoms& atoms, double cutoff, DType dtype);

/// [n, 3] values in the order of the list over the local rows. Collective.
Tensor on_atoms(const AtomBed& bed, const std::vector<Vec3>& values, DType dtype);

}  // namespace halograph::testing
