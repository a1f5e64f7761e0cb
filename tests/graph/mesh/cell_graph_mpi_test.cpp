// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/cell_graph.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <halograph/graph/slab/slab_range.hpp>

#include "tests/graph/mesh/small_meshes.hpp"

namespace halograph::testing {
namespace {

std::vector<std::set<std::int64_t>> cells_of(const MeshSlab& mesh) {
  std::vector<std::set<std::int64_t>> cells;
  for (std::size_t e = 0; e < mesh.shape.size(); ++e)
    cells.emplace_back(mesh.corner.begin() + mesh.corner_offset[e], mesh.corner.begin() + mesh.corner_offset[e + 1]);
  return cells;
}

/// Edges as pairs (target, source): in these meshes two cells share a side where they share as many corners as the
/// mesh has dimensions.
std::vector<std::pair<std::int64_t, std::int64_t>> naive_edges(const MeshSlab& mesh) {
  const auto cells = cells_of(mesh);
  std::vector<std::pair<std::int64_t, std::int64_t>> edges;
  for (std::size_t a = 0; a < cells.size(); ++a)
    for (std::size_t b = 0; b < cells.size(); ++b) {
      std::vector<std::int64_t> common;
      std::set_intersection(cells[a].begin(), cells[a].end(), cells[b].begin(), cells[b].end(),
                            std::back_inserter(common));
      if (a != b && int(common.size()) >= mesh.dimension) edges.emplace_back(std::int64_t(a), std::int64_t(b));
    }
  return edges;
}

void expect_graph_of(const MeshSlab& whole, const MeshSlab& mine, std::int64_t first, const Communicator& comm) {
  const GraphSlab graph = cell_graph(comm, mine);
  const std::int64_t last = first + std::int64_t(mine.shape.size());
  EXPECT_EQ(graph.dimension, whole.dimension);
  ASSERT_EQ(std::int64_t(graph.node_id.size()), last - first);
  std::vector<double> centres;
  for (std::int64_t cell = first; cell < last; ++cell) {
    EXPECT_EQ(graph.node_id[std::size_t(cell - first)], cell);
    const std::int64_t begin = whole.corner_offset[std::size_t(cell)], end = whole.corner_offset[std::size_t(cell + 1)];
    for (int axis = 0; axis < whole.dimension; ++axis) {
      double sum = 0;
      for (std::int64_t c = begin; c < end; ++c)
        sum += whole.position[std::size_t(whole.corner[std::size_t(c)] * whole.dimension + axis)];
      centres.push_back(sum / double(end - begin));
    }
  }
  EXPECT_EQ(graph.position, centres);
  const auto edges = naive_edges(whole);
  ASSERT_FALSE(edges.empty());
  std::vector<std::int64_t> id, target, source;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    if (edges[e].first < first || edges[e].first >= last) continue;
    id.push_back(std::int64_t(e));
    target.push_back(edges[e].first);
    source.push_back(edges[e].second);
  }
  EXPECT_EQ(graph.edge_id, id);
  EXPECT_EQ(graph.edge_target, target);
  EXPECT_EQ(graph.edge_source, source);
}

TEST(CellGraph, joins_cells_that_share_a_side_for_any_cut) {
  const Communicator comm(MPI_COMM_WORLD);
  const int rank = comm.rank(), size = comm.size();
  for (const MeshSlab& whole : {grid(8, 5), grid(2, 1), solid(3, false), solid(2, true), solid(1, true)}) {
    const std::int64_t n = whole.n_nodes, m = std::int64_t(whole.shape.size());
    const std::int64_t begin = slab_begin(n, rank, size), end = slab_begin(n, rank + 1, size);
    const std::int64_t first = slab_begin(m, rank, size), last = slab_begin(m, rank + 1, size);
    expect_graph_of(whole, cut(whole, begin, end, first, last), first, comm);
    // All elements on the last rank and all nodes on the first.
    const bool all = rank == size - 1;
    expect_graph_of(whole, cut(whole, rank == 0 ? 0 : n, n, 0, all ? m : 0), 0, comm);
  }
}

TEST(CellGraph, refuses_slabs_that_do_not_fit_on_all_ranks) {
  const Communicator comm(MPI_COMM_WORLD);
  const MeshSlab whole = grid(6, 5);
  MeshSlab mesh = cut(whole, slab_begin(whole.n_nodes, comm.rank(), comm.size()),
                      slab_begin(whole.n_nodes, comm.rank() + 1, comm.size()), 0, 3);
  if (comm.rank() == comm.size() - 1) mesh.corner[0] = whole.n_nodes;
  EXPECT_THROW(cell_graph(comm, mesh), UsageError);
}

}  // namespace
}  // namespace halograph::testing
