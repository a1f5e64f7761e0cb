// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/atoms.hpp"

#include <cmath>

#include <halograph/graph/setup/distribute.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

constexpr std::int32_t n_patches = 5;

double uniform(std::uint64_t a, std::uint64_t b) { return double(mix(mix(a) ^ b) >> 11) * 0x1p-53; }

Vec3 combined(const std::array<Vec3, 3>& cell, const Vec3& c) {
  Vec3 x{};
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t k = 0; k < 3; ++k) x[a] += c[k] * cell[k][a];
  return x;
}

double distance(const Vec3& from, const Vec3& to, const Vec3& shift) {
  double sum = 0;
  for (std::size_t a = 0; a < 3; ++a) sum += (to[a] + shift[a] - from[a]) * (to[a] + shift[a] - from[a]);
  return std::sqrt(sum);
}

struct Pair {
  std::int64_t source, target;
  Vec3 shift;
};

std::vector<Pair> pairs(const Atoms& all, double cutoff) {
  constexpr int images = 3;
  const int m = all.periodic ? images : 0;
  std::vector<Pair> found;
  for (std::size_t i = 0; i < all.atoms.size(); ++i)
    for (std::size_t j = 0; j < all.atoms.size(); ++j) {
      if (all.atoms[i].molecule != all.atoms[j].molecule) continue;
      for (int a = -m; a <= m; ++a)
        for (int b = -m; b <= m; ++b)
          for (int c = -m; c <= m; ++c) {
            const Vec3 shift = combined(all.cell, {double(a), double(b), double(c)});
            const bool itself = i == j && a == 0 && b == 0 && c == 0;
            if (!itself && distance(all.atoms[i].pos, all.atoms[j].pos, shift) < cutoff)
              found.push_back({std::int64_t(j), std::int64_t(i), shift});
          }
    }
  return found;
}

}  // namespace

Atoms random_atoms(std::uint64_t seed, std::int64_t molecules, std::int64_t each) {
  Atoms all;
  all.n_molecules = molecules;
  std::uint64_t draw = 0;
  for (std::int32_t g = 0; g < molecules; ++g) {
    const std::size_t first = all.atoms.size();
    while (std::int64_t(all.atoms.size() - first) < each) {
      Atom atom{{}, std::int32_t(1 + all.atoms.size() % 3), g};
      for (double& x : atom.pos) x = 2.2 * uniform(seed, ++draw);
      bool apart = true;
      for (std::size_t k = first; k < all.atoms.size(); ++k)
        apart = apart && distance(atom.pos, all.atoms[k].pos, {}) > 0.8;
      if (apart) all.atoms.push_back(atom);
    }
  }
  return all;
}

Atoms random_crystal(std::uint64_t seed, std::int64_t n, const std::array<Vec3, 3>& cell) {
  Atoms all;
  all.cell = cell;
  all.periodic = true;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::uint64_t k = 3 * std::uint64_t(i);
    all.atoms.push_back(
        {combined(cell, {uniform(seed, k), uniform(seed, k + 1), uniform(seed, k + 2)}), std::int32_t(1 + i % 3), 0});
  }
  return all;
}

Atoms supercell(const Atoms& crystal) {
  Atoms all = crystal;
  all.atoms.clear();
  for (int image = 0; image < 8; ++image)
    for (Atom atom : crystal.atoms) {
      const Vec3 by = combined(crystal.cell, {double(image & 1), double(image >> 1 & 1), double(image >> 2)});
      for (std::size_t a = 0; a < 3; ++a) atom.pos[a] += by[a];
      all.atoms.push_back(atom);
    }
  for (Vec3& row : all.cell)
    for (double& x : row) x *= 2;
  return all;
}

double volume(const Atoms& crystal) {
  const auto& [a, b, c] = crystal.cell;
  return std::abs(a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
                  a[2] * (b[0] * c[1] - b[1] * c[0]));
}

AtomBed spread(const Communicator& comm, const Atoms& all, double cutoff, DType dtype) {
  GraphSlab slab;
  slab.n_patches = n_patches;
  const auto step = std::size_t(comm.size());
  std::vector<std::int32_t> molecule, z;
  for (std::size_t i = std::size_t(comm.rank()); i < all.atoms.size(); i += step) {
    slab.node_id.push_back(std::int64_t(i));
    slab.patch.push_back(std::int32_t(mix(i) % n_patches));
    molecule.push_back(all.atoms[i].molecule);
    z.push_back(all.atoms[i].z);
  }
  std::vector<double> shift;
  const std::vector<Pair> edges = pairs(all, cutoff);
  for (std::size_t e = std::size_t(comm.rank()); e < edges.size(); e += step) {
    slab.edge_source.push_back(edges[e].source);
    slab.edge_target.push_back(edges[e].target);
    slab.edge_id.push_back(std::int64_t(e));
    shift.insert(shift.end(), edges[e].shift.begin(), edges[e].shift.end());
  }
  const DistributedGraph there = distribute(comm, slab);
  const Graph& graph = there.graph;
  AtomBed bed{graph,
              Batch(graph.nodes(), there.nodes.forward(molecule, 1), all.n_molecules),
              Kinds(graph.nodes(), there.nodes.forward(z, 1), max_z),
              {},
              {},
              there.nodes};
  std::vector<Vec3> pos;
  for (const Atom& atom : all.atoms) pos.push_back(atom.pos);
  bed.pos = on_atoms(bed, pos, dtype);
  const std::vector<double> moved = there.edges.forward(shift, 3);
  if (all.periodic) bed.shift = Tensor::from(moved, graph.n_edges(), 3, dtype, graph.edges());
  return bed;
}

Tensor on_atoms(const AtomBed& bed, const std::vector<Vec3>& values, DType dtype) {
  std::vector<double> mine;
  const Communicator& comm = bed.graph.comm();
  for (std::size_t i = std::size_t(comm.rank()); i < values.size(); i += std::size_t(comm.size()))
    mine.insert(mine.end(), values[i].begin(), values[i].end());
  return Tensor::from(bed.nodes.forward(mine, 3), bed.graph.n_nodes(), 3, dtype, bed.graph.nodes());
}

}  // namespace halograph::testing
