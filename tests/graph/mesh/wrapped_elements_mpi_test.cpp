// SPDX-License-Identifier: BSD-3-Clause
// Meshes whose sides are joined, cut among any number of ranks.
#include <halograph/graph/mesh/cell_graph.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include <halograph/graph/slab/slab_range.hpp>

#include "tests/graph/mesh/small_meshes.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t w = 5, h = 4;

/// Squares around a ring: w of them along x, whose ends are one, and h rows.
MeshSlab my_ring(const Communicator& comm) {
  MeshSlab mesh;
  mesh.dimension = 2;
  mesh.n_nodes = w * (h + 1);
  mesh.corner_offset.push_back(0);
  for (std::int64_t n = 0; n < mesh.n_nodes; ++n)
    mesh.position.insert(mesh.position.end(), {double(n % w), double(n / w)});
  for (std::int64_t e = 0; e < w * h; ++e) {
    const std::int64_t a = e, b = e / w * w + (e + 1) % w;
    add_element(mesh, ElementShape::quadrilateral, {a, b, b + w, a + w});
  }
  const int rank = comm.rank(), size = comm.size();
  const std::int64_t first = slab_begin(w * h, rank, size), last = slab_begin(w * h, rank + 1, size);
  MeshSlab slab =
      cut(mesh, slab_begin(mesh.n_nodes, rank, size), slab_begin(mesh.n_nodes, rank + 1, size), first, last);
  slab.period = {w, 0, 0};
  for (std::int64_t e = first; e < last; ++e)
    if (e % w == w - 1) slab.wrapped.push_back(std::int32_t(e - first));
  return slab;
}

template <class T>
std::vector<T> all_of(const Communicator& comm, const std::vector<T>& mine) {
  return comm.all_gather_v(std::span<const T>(mine));
}

TEST(WrappedElements, MakeEdgesButNoCells) {
  const Communicator comm(MPI_COMM_WORLD);
  const GraphSlab graph = mesh_graph(comm, my_ring(comm));
  EXPECT_EQ(graph.period, (std::array<double, 3>{w, 0, 0}));
  const auto source = all_of(comm, graph.edge_source), target = all_of(comm, graph.edge_target);
  ASSERT_EQ(std::int64_t(source.size()), 2 * (w * (h + 1) + w * h));
  for (std::size_t e = 0; e < source.size(); ++e) {
    const std::int64_t dx = std::abs(source[e] % w - target[e] % w), dy = std::abs(source[e] / w - target[e] / w);
    EXPECT_EQ(std::min(dx, w - dx) + dy, 1);
  }
  std::vector<std::int64_t> cells;
  for (std::int64_t e = 0; e < w * h; ++e)
    if (e % w < w - 1) cells.insert(cells.end(), {e, e + 1, e + 1 + w, e + w});
  EXPECT_EQ(all_of(comm, graph.cell_node), cells);
  EXPECT_EQ(graph.cell_offset.size(), graph.cell_type.size() + 1);
}

TEST(WrappedElements, LieWhereTheirCornersMeet) {
  const Communicator comm(MPI_COMM_WORLD);
  const GraphSlab graph = cell_graph(comm, my_ring(comm));
  EXPECT_EQ(graph.period, (std::array<double, 3>{w, 0, 0}));
  EXPECT_EQ(std::int64_t(all_of(comm, graph.edge_id).size()), 2 * (w * h + w * (h - 1)));
  const auto centre = all_of(comm, graph.position);
  for (std::int64_t c = 0; c < w * h; ++c) {
    EXPECT_EQ(centre[std::size_t(2 * c)], double(c % w) + 0.5);
    EXPECT_EQ(centre[std::size_t(2 * c + 1)], double(c / w) + 0.5);
  }
}

TEST(WrappedElements, AllRanksRefuseDifferentPeriods) {
  const Communicator comm(MPI_COMM_WORLD);
  MeshSlab mesh = my_ring(comm);
  mesh.period[0] += comm.rank();
  if (comm.size() > 1) EXPECT_THROW(mesh_graph(comm, std::move(mesh)), UsageError);
  else EXPECT_NO_THROW(mesh_graph(comm, std::move(mesh)));
}

}  // namespace
}  // namespace halograph::testing
