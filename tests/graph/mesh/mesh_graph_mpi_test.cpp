// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/mesh_graph.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include <halograph/graph/slab/slab_range.hpp>

#include "tests/graph/mesh/small_meshes.hpp"

namespace halograph::test {
namespace {

using testing::cut;
using testing::grid;

/// Edges as pairs (target, source), by trying all pairs of neighbouring corners.
std::vector<std::pair<std::int64_t, std::int64_t>> naive_edges(const MeshSlab& mesh) {
  std::set<std::pair<std::int64_t, std::int64_t>> edges;
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    const std::int64_t begin = mesh.corner_offset[e], n = mesh.corner_offset[e + 1] - begin;
    for (std::int64_t c = 0; c < n; ++c) {
      const std::int64_t a = mesh.corner[std::size_t(begin + c)], b = mesh.corner[std::size_t(begin + (c + 1) % n)];
      if (a == b) continue;
      edges.insert({a, b});
      edges.insert({b, a});
    }
  }
  return {edges.begin(), edges.end()};
}

/// `cells`: the mesh whose elements become this rank's cells.
void expect_graph_of(const MeshSlab& whole, MeshSlab&& mine, const MeshSlab& cells, const Communicator& comm) {
  const std::int64_t begin = mine.first_node, end = begin + std::int64_t(mine.position.size()) / 2;
  const MeshSlab before = mine;
  const GraphSlab graph = mesh_graph(comm, std::move(mine));
  EXPECT_EQ(graph.dimension, 2);
  EXPECT_EQ(graph.position, before.position);
  EXPECT_EQ(graph.cell_node, cells.corner);
  ASSERT_EQ(graph.cell_type.size(), cells.shape.size());
  for (std::size_t c = 0; c < cells.shape.size(); ++c)
    EXPECT_EQ(graph.cell_type[c], cells.shape[c] == ElementShape::triangle ? 5 : 9);
  ASSERT_EQ(graph.fields.size(), 1u);
  EXPECT_EQ(graph.fields[0].values, before.fields[0].values);
  ASSERT_EQ(std::int64_t(graph.node_id.size()), end - begin);
  for (std::int64_t n = begin; n < end; ++n) EXPECT_EQ(graph.node_id[std::size_t(n - begin)], n);
  const auto edges = naive_edges(whole);
  std::size_t local = 0;
  for (std::size_t id = 0; id < edges.size(); ++id) {
    const auto& [target, source] = edges[id];
    if (target < begin || target >= end) continue;
    ASSERT_LT(local, graph.edge_id.size());
    EXPECT_EQ(graph.edge_id[local], std::int64_t(id));
    EXPECT_EQ(graph.edge_target[local], target);
    EXPECT_EQ(graph.edge_source[local], source);
    ++local;
  }
  EXPECT_EQ(local, graph.edge_id.size());
  EXPECT_EQ(local, graph.edge_source.size());
  EXPECT_EQ(local, graph.edge_target.size());
}

TEST(MeshGraph, IsTheSameForAnyCut) {
  const Communicator comm(MPI_COMM_WORLD);
  const int rank = comm.rank(), size = comm.size();
  for (const auto& [w, h] : {std::pair{8, 5}, {1, 1}, {11, 2}}) {
    const MeshSlab whole = grid(w, h);
    const std::int64_t n = whole.n_nodes, m = std::int64_t(whole.shape.size());
    const auto nodes = [&](int r) { return slab_begin(n, r, size); };
    const auto elements = [&](int r) { return slab_begin(m, r, size); };
    const auto expect_cut = [&](std::int64_t begin, std::int64_t end, std::int64_t first, std::int64_t last) {
      const MeshSlab mine = cut(whole, begin, end, first, last);
      expect_graph_of(whole, MeshSlab(mine), mine, comm);
    };
    expect_cut(nodes(rank), nodes(rank + 1), elements(rank), elements(rank + 1));
    // Elements in the opposite order of the ranks; then all of them on the last rank and all nodes on the first.
    const int other = size - 1 - rank;
    expect_cut(nodes(rank), nodes(rank + 1), elements(other), elements(other + 1));
    expect_cut(rank == 0 ? 0 : n, n, 0, rank == size - 1 ? m : 0);
    // Every element everywhere: the first rank keeps them.
    expect_graph_of(whole, cut(whole, 0, rank == size - 1 ? n : 0, 0, m), cut(whole, 0, 0, 0, rank == 0 ? m : 0), comm);
  }
}

TEST(MeshGraph, AllRanksRefuseSlabsThatDoNotFit) {
  const Communicator comm(MPI_COMM_WORLD);
  const MeshSlab whole = grid(6, 5);
  const auto slab = [&] {
    return cut(whole, slab_begin(whole.n_nodes, comm.rank(), comm.size()),
               slab_begin(whole.n_nodes, comm.rank() + 1, comm.size()), 0, 3);
  };
  const bool last = comm.rank() == comm.size() - 1;
  const auto expect_error = [&](const std::function<void(MeshSlab&)>& damage) {
    MeshSlab mesh = slab();
    if (last) damage(mesh);
    EXPECT_THROW(mesh_graph(comm, std::move(mesh)), UsageError);
  };
  expect_error([](MeshSlab& mesh) { mesh.corner[0] = 42; });
  expect_error([](MeshSlab& mesh) { mesh.corner[0] = -1; });
  expect_error([](MeshSlab& mesh) { mesh.corner.pop_back(); });
  expect_error([](MeshSlab& mesh) { mesh.corner_offset[1] = 100; });
  expect_error([](MeshSlab& mesh) { mesh.shape[1] = ElementShape(99); });
  expect_error([](MeshSlab& mesh) { mesh.position.pop_back(); });
  expect_error([](MeshSlab& mesh) { mesh.first_node += 1; });
  expect_error([](MeshSlab& mesh) { mesh.n_nodes += 1; });
  expect_error([](MeshSlab& mesh) { mesh.dimension = 0; });
  expect_error([](MeshSlab& mesh) { mesh.fields[0].values.pop_back(); });
  expect_error([](MeshSlab& mesh) { mesh.wrapped = {3}; });
  expect_error([](MeshSlab& mesh) { mesh.wrapped = {-1}; });
  expect_error([](MeshSlab& mesh) { mesh.wrapped = {1, 1}; });
  expect_error([](MeshSlab& mesh) { mesh.period[0] = -1; });
}

}  // namespace
}  // namespace halograph::test
