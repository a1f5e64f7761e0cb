// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/mesh_graph.hpp>

#include <gtest/gtest.h>

#include <set>

namespace halograph::test {
namespace {

/// Each shape in a unit box; an edge of a shape is where two of its faces meet.
struct Solid {
  ElementShape shape;
  std::vector<std::vector<int>> faces;
};

TEST(MeshSlab, EdgesOfSolidsAreWhereTwoFacesMeet) {
  const std::vector<Solid> solids{
      {ElementShape::tetrahedron, {{0, 1, 2}, {0, 1, 3}, {1, 2, 3}, {0, 2, 3}}},
      {ElementShape::pyramid, {{0, 1, 2, 3}, {0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}}},
      {ElementShape::prism, {{0, 1, 2}, {3, 4, 5}, {0, 1, 4, 3}, {1, 2, 5, 4}, {2, 0, 3, 5}}},
      {ElementShape::hexahedron, {{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 5, 4}, {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}}}};
  for (const Solid& solid : solids) {
    SCOPED_TRACE(name_of(solid.shape));
    std::multiset<std::pair<int, int>> sides;
    for (const auto& face : solid.faces)
      for (std::size_t c = 0; c < face.size(); ++c) sides.insert(std::minmax(face[c], face[(c + 1) % face.size()]));
    std::set<std::pair<int, int>> edges;
    for (const auto& [a, b] : edges_of(solid.shape)) EXPECT_TRUE(edges.insert(std::minmax(a, b)).second);
    EXPECT_EQ(edges.size(), edges_of(solid.shape).size());
    EXPECT_EQ(2 * edges.size(), sides.size());
    for (const auto& edge : edges) EXPECT_EQ(sides.count(edge), 2u);
    EXPECT_EQ(corners_of(solid.shape), int(edges.size() + 2 - solid.faces.size()));  // Euler
    EXPECT_EQ(dimension_of(solid.shape), 3);
  }
}

TEST(MeshGraph, JoinsTwoTrianglesOnOneRank) {
  MeshSlab mesh;
  mesh.dimension = 2;
  mesh.n_nodes = 5;  // node 4 belongs to no element
  mesh.position = {0, 0, 1, 0, 1, 1, 0, 1, 9, 9};
  mesh.shape = {ElementShape::triangle, ElementShape::triangle};
  mesh.corner_offset = {0, 3, 6};
  mesh.corner = {0, 1, 2, 2, 3, 0};
  const GraphSlab graph = mesh_graph(Communicator(), std::move(mesh));
  EXPECT_EQ(graph.node_id, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(graph.edge_target, (std::vector<std::int64_t>{0, 0, 0, 1, 1, 2, 2, 2, 3, 3}));
  EXPECT_EQ(graph.edge_source, (std::vector<std::int64_t>{1, 2, 3, 0, 2, 0, 1, 3, 0, 2}));
  EXPECT_EQ(graph.edge_id, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(graph.cell_type, (std::vector<std::uint8_t>{5, 5}));
  EXPECT_EQ(graph.cell_offset, (std::vector<std::int64_t>{0, 3, 6}));
  EXPECT_EQ(graph.period, (std::array<double, 3>{}));
}

// Large enough that copies of edges are dropped on the way.
TEST(MeshGraph, CountsTheEdgesOfManyHexahedra) {
  const std::int64_t k = 40, s = k + 1;
  MeshSlab mesh;
  mesh.n_nodes = s * s * s;
  mesh.position.resize(std::size_t(3 * mesh.n_nodes));
  mesh.corner_offset.push_back(0);
  for (std::int64_t c = 0; c < k * k * k; ++c) {
    const std::int64_t a = c % k + s * (c / k % k + s * (c / k / k));
    const std::int64_t up = s * s;
    mesh.corner.insert(mesh.corner.end(), {a, a + 1, a + 1 + s, a + s, a + up, a + 1 + up, a + 1 + s + up, a + s + up});
    mesh.shape.push_back(ElementShape::hexahedron);
    mesh.corner_offset.push_back(std::int32_t(mesh.corner.size()));
  }
  const GraphSlab graph = mesh_graph(Communicator(), std::move(mesh));
  ASSERT_EQ(std::int64_t(graph.edge_id.size()), 6 * k * s * s);
  std::set<std::int64_t> steps;
  for (std::size_t e = 0; e < graph.edge_id.size(); ++e) {
    steps.insert(graph.edge_target[e] - graph.edge_source[e]);
    if (e == 0) continue;
    EXPECT_LT(std::pair(graph.edge_target[e - 1], graph.edge_source[e - 1]),
              std::pair(graph.edge_target[e], graph.edge_source[e]));
  }
  EXPECT_EQ(steps, (std::set<std::int64_t>{-s * s, -s, -1, 1, s, s * s}));
}

TEST(MeshGraph, OfNothingIsNothing) {
  MeshSlab mesh;
  const GraphSlab graph = mesh_graph(Communicator(), std::move(mesh));
  EXPECT_TRUE(graph.node_id.empty());
  EXPECT_TRUE(graph.edge_id.empty());
}

}  // namespace
}  // namespace halograph::test
