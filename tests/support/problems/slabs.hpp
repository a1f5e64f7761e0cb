// SPDX-License-Identifier: BSD-3-Clause
// Whole small graphs, known to every rank of a test, and ways to deal them to ranks as slabs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph::testing {

enum class Deal { blocks, cyclic, random, last_rank };
inline const std::vector<Deal> all_deals{Deal::blocks, Deal::cyclic, Deal::random, Deal::last_rank};

/// The nodes and edges of `whole` that this rank gets, in an order of their own.
inline GraphSlab deal(const Communicator& comm, const GraphSlab& whole, Deal how) {
  std::mt19937_64 random(17);
  const auto share_of = [&](std::size_t items) {
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < items; ++i) {
      const std::uint64_t draw = random();
      const std::size_t ranks = std::size_t(comm.size());
      const std::size_t rank = how == Deal::blocks   ? i * ranks / items
                               : how == Deal::cyclic ? i % ranks
                               : how == Deal::random ? draw % ranks
                                                     : ranks - 1;
      if (rank == std::size_t(comm.rank())) mine.push_back(i);
    }
    if (how == Deal::random) std::shuffle(mine.begin(), mine.end(), std::mt19937_64(std::uint64_t(comm.rank())));
    return mine;
  };
  GraphSlab slab;
  slab.dimension = whole.dimension;
  slab.n_patches = whole.n_patches;
  const std::size_t dimension = std::size_t(whole.dimension);
  for (std::size_t i : share_of(whole.node_id.size())) {
    slab.node_id.push_back(whole.node_id[i]);
    for (std::size_t axis = 0; axis < dimension; ++axis) slab.position.push_back(whole.position[i * dimension + axis]);
    if (!whole.patch.empty()) slab.patch.push_back(whole.patch[i]);
    if (!whole.weight.empty()) slab.weight.push_back(whole.weight[i]);
  }
  for (std::size_t e : share_of(whole.edge_source.size())) {
    slab.edge_source.push_back(whole.edge_source[e]);
    slab.edge_target.push_back(whole.edge_target[e]);
  }
  return slab;
}

/// The patches of the whole graph's nodes, in its order, from those of the slabs. Collective.
inline std::vector<std::int32_t> collect(const Communicator& comm, const GraphSlab& whole, const GraphSlab& slab,
                                         const std::vector<std::int32_t>& patch) {
  const auto ids = comm.all_gather_v(std::span<const std::int64_t>(slab.node_id));
  const auto patches = comm.all_gather_v(std::span<const std::int32_t>(patch));
  std::map<std::int64_t, std::int32_t> of_id;
  for (std::size_t i = 0; i < ids.size() && i < patches.size(); ++i) of_id[ids[i]] = patches[i];
  std::vector<std::int32_t> result;
  for (std::int64_t id : whole.node_id) result.push_back(of_id.at(id));
  return result;
}

/// Nodes 0..a*b*c-1 of a lattice with unit spacing, edges both ways between neighbours.
inline GraphSlab lattice(int a, int b, int c) {
  GraphSlab whole;
  whole.dimension = 3;
  const auto id = [&](int i, int j, int k) { return (std::int64_t(i) * b + j) * c + k; };
  const auto join = [&](std::int64_t p, std::int64_t q) {
    whole.edge_source.insert(whole.edge_source.end(), {p, q});
    whole.edge_target.insert(whole.edge_target.end(), {q, p});
  };
  for (int i = 0; i < a; ++i)
    for (int j = 0; j < b; ++j)
      for (int k = 0; k < c; ++k) {
        whole.node_id.push_back(id(i, j, k));
        whole.position.insert(whole.position.end(), {double(i), double(j), double(k)});
        if (i > 0) join(id(i - 1, j, k), id(i, j, k));
        if (j > 0) join(id(i, j - 1, k), id(i, j, k));
        if (k > 0) join(id(i, j, k - 1), id(i, j, k));
      }
  return whole;
}

/// A random directed graph with scattered ids, isolated nodes, self-loops, duplicate edges and, on a
/// coarse grid of positions, many equal coordinates.
inline GraphSlab random_graph(int nodes, int edges, int dimension, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  GraphSlab whole;
  whole.dimension = dimension;
  std::int64_t id = 0;
  for (int i = 0; i < nodes; ++i) {
    id += 1 + std::int64_t(random() % 1000000007);
    whole.node_id.push_back(id);
    for (int axis = 0; axis < dimension; ++axis) {
      const double fine = double(random() % 2000001) * 1e-6 - 1.0;
      const double coarse = double(random() % 5) * 0.5 - 1.0;
      whole.position.push_back(random() % 2 ? fine : coarse == 0.0 && random() % 2 ? -0.0 : coarse);
    }
  }
  std::shuffle(whole.node_id.begin(), whole.node_id.end(), random);
  for (int e = 0; e < edges; ++e) {
    const auto any = [&] { return whole.node_id[random() % (std::size_t(nodes) * 3 / 4)]; };
    const std::int64_t source = any();
    whole.edge_source.push_back(source);
    whole.edge_target.push_back(random() % 10 == 0 ? source : any());
    if (random() % 10 == 0) {
      whole.edge_source.push_back(source);
      whole.edge_target.push_back(whole.edge_target.back());
    }
  }
  return whole;
}

inline std::vector<std::int64_t> patch_sizes(const std::vector<std::int32_t>& patch, std::int64_t patches) {
  std::vector<std::int64_t> sizes(std::size_t(patches), 0);
  for (std::int32_t p : patch) ++sizes.at(std::size_t(p));
  return sizes;
}

}  // namespace halograph::testing
