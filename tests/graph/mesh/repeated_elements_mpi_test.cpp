// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/repeated_elements.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include <halograph/graph/mesh/cell_graph.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>
#include <halograph/graph/slab/slab_range.hpp>
#include <halograph/mpi/log.hpp>

#include "tests/graph/mesh/small_meshes.hpp"

namespace halograph::testing {
namespace {

std::vector<std::int64_t> corners(const MeshSlab& mesh, std::int64_t element) {
  return {mesh.corner.begin() + mesh.corner_offset[std::size_t(element)],
          mesh.corner.begin() + mesh.corner_offset[std::size_t(element) + 1]};
}

/// Every second element again with its corners rotated, every third once more with them mirrored, behind the mesh.
MeshSlab with_copies(const MeshSlab& mesh) {
  MeshSlab more = mesh;
  const std::int64_t n = std::int64_t(mesh.shape.size());
  for (std::int64_t e = 0; e < n; e += 2) {
    auto corner = corners(mesh, e);
    std::rotate(corner.begin(), corner.begin() + 1, corner.end());
    add_element(more, mesh.shape[std::size_t(e)], corner);
  }
  for (std::int64_t e = 0; e < n; e += 3) {
    auto corner = corners(mesh, e);
    std::reverse(corner.begin(), corner.end());
    add_element(more, mesh.shape[std::size_t(e)], corner);
  }
  return more;
}

std::int64_t count_repeated(std::int64_t n) {
  std::int64_t count = 0;
  for (std::int64_t e = 0; e < n; ++e) count += e % 2 == 0 || e % 3 == 0 ? 1 : 0;
  return count;
}

MeshSlab my_slab(const Communicator& comm, const MeshSlab& whole) {
  const int rank = comm.rank(), size = comm.size();
  const std::int64_t n = whole.n_nodes, m = std::int64_t(whole.shape.size());
  return cut(whole, slab_begin(n, rank, size), slab_begin(n, rank + 1, size), slab_begin(m, rank, size),
             slab_begin(m, rank + 1, size));
}

template <class T>
std::vector<T> all_of(const Communicator& comm, const std::vector<T>& mine) {
  return comm.all_gather_v(std::span<const T>(mine));
}

/// Everything but the cuts between the ranks.
void expect_same(const Communicator& comm, const GraphSlab& a, const GraphSlab& b) {
  EXPECT_EQ(all_of(comm, a.node_id), all_of(comm, b.node_id));
  EXPECT_EQ(all_of(comm, a.position), all_of(comm, b.position));
  EXPECT_EQ(all_of(comm, a.edge_id), all_of(comm, b.edge_id));
  EXPECT_EQ(all_of(comm, a.edge_source), all_of(comm, b.edge_source));
  EXPECT_EQ(all_of(comm, a.edge_target), all_of(comm, b.edge_target));
  EXPECT_EQ(all_of(comm, a.cell_type), all_of(comm, b.cell_type));
  EXPECT_EQ(all_of(comm, a.cell_node), all_of(comm, b.cell_node));
}

/// What rank 0 was told while `body` ran.
std::vector<std::string> messages(const std::function<void()>& body) {
  std::vector<std::string> seen;
  set_message_handler([&](Severity, const std::string& text) { seen.push_back(text); });
  body();
  set_message_handler({});
  return seen;
}

TEST(RepeatedElements, LeaveGraphsOfNodesAndOfCellsAsTheyAre) {
  const Communicator comm(MPI_COMM_WORLD);
  for (const MeshSlab& whole : {grid(8, 5), grid(1, 1), solid(3, false), solid(2, true)}) {
    const MeshSlab more = with_copies(whole);
    const std::string line =
        cat(count_repeated(std::int64_t(whole.shape.size())), " elements that occur more than once are counted once");
    const std::vector<std::string> expected(comm.rank() == 0 ? 1 : 0, line);
    GraphSlab once, twice;
    EXPECT_TRUE(messages([&] { once = mesh_graph(comm, my_slab(comm, whole)); }).empty());
    EXPECT_EQ(messages([&] { twice = mesh_graph(comm, my_slab(comm, more)); }), expected);
    expect_same(comm, twice, once);
    EXPECT_EQ(all_of(comm, twice.cell_node), whole.corner);

    MeshSlab named = my_slab(comm, more);
    named.source = "a.msh";
    EXPECT_TRUE(messages([&] { once = cell_graph(comm, my_slab(comm, whole)); }).empty());
    EXPECT_EQ(messages([&] { twice = cell_graph(comm, named); }),
              std::vector<std::string>(comm.rank() == 0 ? 1 : 0, "a.msh: " + line));
    expect_same(comm, twice, once);
  }
}

TEST(RepeatedElements, TheFirstStaysWhereverItsCopiesLie) {
  const Communicator comm(MPI_COMM_WORLD);
  const MeshSlab whole = grid(4, 3);
  const std::int64_t m = std::int64_t(whole.shape.size());
  const bool last = comm.rank() == comm.size() - 1;
  // All elements on the last rank, and before them on rank 0 the last but one with its corners in another order.
  MeshSlab mine = cut(whole, 0, last ? whole.n_nodes : 0, 0, last ? m : 0);
  auto corner = corners(whole, m - 2);
  std::reverse(corner.begin(), corner.end());
  MeshSlab front = cut(whole, 0, last ? whole.n_nodes : 0, 0, 0);
  if (comm.rank() == 0) add_element(front, whole.shape[std::size_t(m - 2)], corner);
  for (std::int64_t e = 0; last && e < m; ++e) add_element(front, whole.shape[std::size_t(e)], corners(whole, e));
  EXPECT_EQ(drop_repeated_elements(comm, front), 1);
  std::vector<std::int64_t> expected = corner;
  for (std::int64_t e = 0; e < m; ++e)
    if (e != m - 2) {
      const auto next = corners(whole, e);
      expected.insert(expected.end(), next.begin(), next.end());
    }
  EXPECT_EQ(all_of(comm, front.corner), expected);
  EXPECT_EQ(drop_repeated_elements(comm, front), 0);
  EXPECT_EQ(drop_repeated_elements(comm, mine), 0);
  EXPECT_EQ(std::int64_t(mine.shape.size()), last ? m : 0);
}

TEST(RepeatedElements, AreEqualByTheirNodesNotByTheirShape) {
  const Communicator comm(MPI_COMM_WORLD);
  MeshSlab mesh;
  mesh.dimension = 2;
  mesh.n_nodes = 4;
  mesh.first_node = comm.rank() == 0 ? 0 : 4;
  if (comm.rank() == 0) mesh.position = {0, 0, 1, 0, 1, 1, 0, 1};
  mesh.corner_offset.push_back(0);
  if (comm.rank() == comm.size() - 1) {
    add_element(mesh, ElementShape::triangle, {0, 1, 2});
    add_element(mesh, ElementShape::quadrilateral, {2, 0, 0, 1});  // the triangle again, collapsed
    add_element(mesh, ElementShape::triangle, {0, 2, 3});
    add_element(mesh, ElementShape::quadrilateral, {0, 1, 2, 3});  // other nodes
    mesh.wrapped = {1, 2, 3};
  }
  EXPECT_EQ(drop_repeated_elements(comm, mesh), 1);
  EXPECT_EQ(all_of(comm, mesh.corner), (std::vector<std::int64_t>{0, 1, 2, 0, 2, 3, 0, 1, 2, 3}));
  EXPECT_EQ(all_of(comm, mesh.wrapped), (std::vector<std::int32_t>{1, 2}));
  EXPECT_EQ(mesh.corner_offset.size(), mesh.shape.size() + 1);
}

}  // namespace
}  // namespace halograph::testing
