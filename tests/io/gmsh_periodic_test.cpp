// SPDX-License-Identifier: BSD-3-Clause
// Sections $Periodic of Gmsh meshes: sides that are joined, said to be there, or refused.
#include <halograph/io/gmsh.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include <halograph/graph/mesh/cell_graph.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>

#include "gmsh_writer.hpp"
#include "mesh_files.hpp"

namespace halograph::test {
namespace {

using io::read_gmsh;

/// Node (i, j) of w x h quadrilaterals with sides of 1 and 0.5.
struct Grid {
  std::int64_t w, h;
  std::int64_t tag(std::int64_t i, std::int64_t j) const { return 100 + i + (w + 1) * j; }
};

/// Sides along x and, with `both`, along y. Pairs of corners come as Gmsh writes them: points first, those of a side
/// with the points again, and the upper right corner leads to its master by way of another one.
PlainMesh periodic_grid(Grid g, bool both, bool affine = true) {
  PlainMesh mesh;
  for (std::int64_t j = 0; j <= g.h; ++j)
    for (std::int64_t i = 0; i <= g.w; ++i) mesh.nodes.push_back({g.tag(i, j), {double(i), 0.5 * double(j), 0}});
  for (std::int64_t i = 0; i < g.w; ++i) mesh.elements.push_back({1, 1, {g.tag(i, 0), g.tag(i + 1, 0)}});
  for (std::int64_t j = 0; j < g.h; ++j)
    for (std::int64_t i = 0; i < g.w; ++i)
      mesh.elements.push_back({3, 2, {g.tag(i, j), g.tag(i + 1, j), g.tag(i + 1, j + 1), g.tag(i, j + 1)}});
  const std::vector<double> map =
      affine ? std::vector<double>{1, 0, 0, double(g.w), 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1} : std::vector<double>{};
  mesh.periodic.push_back({0, map, {{g.tag(g.w, 0), g.tag(0, 0)}}});
  PlainMesh::Periodic right{1, map, {}}, top{1, {}, {}};
  for (std::int64_t j = 0; j <= g.h; ++j) right.pairs.push_back({g.tag(g.w, j), g.tag(0, j)});
  for (std::int64_t i = 0; i <= g.w; ++i) top.pairs.push_back({g.tag(i, g.h), g.tag(i, 0)});
  mesh.periodic.push_back(right);
  if (both) mesh.periodic.push_back(top);
  return mesh;
}

/// Corners of its elements when the sides are joined, by arithmetic.
std::vector<std::int64_t> joined_corners(Grid g, bool both) {
  std::vector<std::int64_t> corner;
  for (std::int64_t j = 0; j < g.h; ++j)
    for (std::int64_t i = 0; i < g.w; ++i)
      for (const auto& [di, dj] : {std::pair{0, 0}, {1, 0}, {1, 1}, {0, 1}})
        corner.push_back((i + di) % g.w + g.w * (both ? (j + dj) % g.h : j + dj));
  return corner;
}

MeshSlab read_joined(const std::string& path, int parts = 1) {
  std::vector<MeshSlab> slabs;
  for (int part = 0; part < parts; ++part) slabs.push_back(read_gmsh(path, part, parts, {.join_periodic = true}));
  MeshSlab all = concatenated(slabs);
  all.notes = slabs[0].notes;
  all.period = slabs[0].period;
  std::int32_t first = 0;
  for (const MeshSlab& slab : slabs) {
    EXPECT_EQ(slab.period, all.period);
    EXPECT_EQ(slab.notes, all.notes);
    for (const std::int32_t e : slab.wrapped) all.wrapped.push_back(first + e);
    first += std::int32_t(slab.shape.size());
  }
  return all;
}

TEST(GmshPeriodic, JoinsSidesInAnyNumberOfParts) {
  const TempDir dir;
  const Grid g{5, 4};
  for (const GmshForm& form : gmsh_forms)
    for (const bool affine : {false, true})
      for (const bool both : {false, true}) {
        const auto path = dir.write("a.msh", GmshWriter(form).text(periodic_grid(g, both, affine)));
        for (const int parts : {1, 2, 5, 30}) {
          const MeshSlab mesh = read_joined(path, parts);
          EXPECT_EQ(mesh.corner, joined_corners(g, both));
          EXPECT_EQ(mesh.n_nodes, both ? 20 : 25);
          EXPECT_EQ(mesh.period, (std::array<double, 3>{5, both ? 2.0 : 0.0, 0}));
          for (std::int64_t n = 0; n < mesh.n_nodes; ++n) {
            EXPECT_EQ(mesh.position[std::size_t(2 * n)], double(n % g.w));
            EXPECT_EQ(mesh.position[std::size_t(2 * n + 1)], 0.5 * double(n / g.w));
          }
          std::vector<std::int32_t> wrapped;
          for (std::int32_t e = 0; e < 20; ++e)
            if (e % 5 == 4 || (both && e / 5 == 3)) wrapped.push_back(e);
          EXPECT_EQ(mesh.wrapped, wrapped);
          EXPECT_EQ(mesh.notes, std::vector<std::string>(1, both ? "2 periodic pairs of sides (10 nodes) joined"
                                                                 : "1 periodic pair of sides (5 nodes) joined"));
        }
      }
}

TEST(GmshPeriodic, IsSaidWhereItIsNotJoined) {
  const TempDir dir;
  for (const GmshForm& form : gmsh_forms) {
    PlainMesh mesh = periodic_grid({5, 4}, true);
    const MeshSlab apart = read_gmsh(dir.write("a.msh", GmshWriter(form).text(mesh)), 0, 1);
    EXPECT_EQ(apart.notes,
              std::vector<std::string>(1, "2 periodic pairs of sides not joined: join_periodic joins them"));
    mesh.periodic.clear();
    const MeshSlab plain = read_gmsh(dir.write("b.msh", GmshWriter(form).text(mesh)), 0, 1);
    EXPECT_TRUE(plain.notes.empty());
    expect_same_mesh(apart, plain);
    EXPECT_EQ(apart.period, (std::array<double, 3>{}));
    EXPECT_TRUE(apart.wrapped.empty());
    expect_file_error([&] { read_joined(dir.path("b.msh")); }, {"b.msh", "join_periodic", "no section $Periodic"});
  }
}

TEST(GmshPeriodic, EdgesLeadAcrossAndCellsThatWouldSpanTheDomainAreNotDrawn) {
  const TempDir dir;
  const Grid g{5, 4};
  const auto path = dir.write("a.msh", GmshWriter(gmsh_forms[2]).text(periodic_grid(g, true)));
  const GraphSlab graph = mesh_graph(Communicator(), read_joined(path));
  EXPECT_EQ(graph.period, (std::array<double, 3>{5, 2, 0}));
  EXPECT_EQ(graph.cell_type.size(), 12u);
  EXPECT_EQ(graph.cell_node.size(), 48u);
  ASSERT_EQ(graph.edge_id.size(), 80u);  // four of each node
  const auto offset = [&](std::size_t e, int axis) {
    const double period = graph.period[std::size_t(axis)];
    const double d = graph.position[std::size_t(2 * graph.edge_source[e] + axis)] -
                     graph.position[std::size_t(2 * graph.edge_target[e] + axis)];
    return d - period * std::round(d / period);
  };
  std::set<std::pair<double, double>> offsets;
  for (std::size_t e = 0; e < graph.edge_id.size(); ++e) offsets.insert({offset(e, 0), offset(e, 1)});
  EXPECT_EQ(offsets, (std::set<std::pair<double, double>>{{1, 0}, {-1, 0}, {0, 0.5}, {0, -0.5}}));

  // Of cells: every one has four neighbours, and each centre lies half a side from its first corner.
  const GraphSlab cells = cell_graph(Communicator(), read_joined(path));
  EXPECT_EQ(cells.period, graph.period);
  EXPECT_EQ(cells.edge_id.size(), 80u);
  for (std::int64_t c = 0; c < 20; ++c) {
    EXPECT_EQ(cells.position[std::size_t(2 * c)], double(c % 5) + 0.5);
    EXPECT_EQ(cells.position[std::size_t(2 * c + 1)], 0.5 * double(c / 5) + 0.25);
  }
}

TEST(GmshPeriodic, LeavesOutPairsOfNodesThatAreNoCorners) {
  const TempDir dir;
  const Grid g{5, 4};
  for (const GmshForm& form : gmsh_forms) {
    PlainMesh mesh = periodic_grid(g, false);
    mesh.nodes.push_back({7, {50, 60, 0}});  // belongs to no element
    mesh.periodic[1].pairs.push_back({7, g.tag(0, 0)});
    mesh.periodic[1].pairs.push_back({9999, 9998});
    mesh.periodic[1].pairs.push_back({g.tag(0, 0), g.tag(0, 0)});
    const MeshSlab joined = read_joined(dir.write("a.msh", GmshWriter(form).text(mesh)), 2);
    EXPECT_EQ(joined.corner, joined_corners(g, false));
    EXPECT_EQ(joined.notes.size(), 1u);
  }
}

TEST(GmshPeriodic, RefusesWhatIsNoShiftAlongAnAxis) {
  const TempDir dir;
  const Grid g{5, 4};
  const auto expect = [&](const std::function<void(PlainMesh&)>& change, const std::vector<std::string>& words) {
    for (const GmshForm& form : gmsh_forms) {
      PlainMesh mesh = periodic_grid(g, false);
      change(mesh);
      const auto path = dir.write("a.msh", GmshWriter(form).text(mesh));
      EXPECT_NO_THROW(read_gmsh(path, 0, 1));
      expect_file_error([&] { read_joined(path, 3); }, words);
    }
  };
  // A mirrored side, one with a step, one of which a node has the wrong master, and a side inside the domain.
  expect(
      [&](PlainMesh& m) {
        for (int j = 0; j <= 4; ++j) m.periodic[1].pairs[std::size_t(j)][1] = g.tag(0, 4 - j);
      },
      {"shifted along the axes"});
  expect([&](PlainMesh& m) { m.nodes[11].at[0] = 5.25; }, {"apart along x", "others 5", "same length"});
  expect([&](PlainMesh& m) { m.periodic[1].pairs[1][1] = g.tag(0, 2); }, {"along y, where the period is 0.5"});
  expect(
      [&](PlainMesh& m) {
        m.periodic.clear();
        m.periodic.push_back({1, {}, {}});
        for (int j = 0; j <= 4; ++j) m.periodic[0].pairs.push_back({g.tag(4, j), g.tag(2, j)});
        for (int j = 0; j <= 4; ++j) m.periodic[0].pairs.push_back({g.tag(2, j), g.tag(0, j)});
      },
      {"4 apart along x", "further than the period 2"});
}

TEST(GmshPeriodic, RefusesMeshesOfTooFewElementsFromSideToSide) {
  const TempDir dir;
  for (const std::int64_t w : {1, 2}) {
    const auto path = dir.write("a.msh", GmshWriter(gmsh_forms[0]).text(periodic_grid({w, 4}, false)));
    expect_file_error([&] { read_joined(path); }, {"an element spans 1 along x", "at least three elements"});
  }
  EXPECT_EQ(read_joined(dir.write("a.msh", GmshWriter(gmsh_forms[0]).text(periodic_grid({3, 3}, true)))).n_nodes, 9);
  PlainMesh uneven = periodic_grid({3, 4}, false);  // one element longer than the other two together
  for (auto& node : uneven.nodes)
    if (node.at[0] == 2) node.at[0] = 1.25;
  expect_file_error([&] { read_joined(dir.write("a.msh", GmshWriter(gmsh_forms[0]).text(uneven))); },
                    {"spans 1.75 along x", "period is 3"});
}

TEST(GmshPeriodic, TakesRoundedCopies) {
  const TempDir dir;
  PlainMesh mesh = periodic_grid({5, 4}, true);
  for (auto& node : mesh.nodes) node.at[0] += 1e-9 * double(node.tag % 7);
  const MeshSlab joined = read_joined(dir.write("a.msh", GmshWriter(gmsh_forms[0]).text(mesh)), 2);
  EXPECT_EQ(joined.corner, joined_corners({5, 4}, true));
  EXPECT_NEAR(joined.period[0], 5, 1e-8);
}

TEST(GmshPeriodic, EveryTruncationAndDamageEndsWell) {
  const TempDir dir;
  std::uint64_t state = 7;
  const auto random = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return std::size_t(state >> 33) % below;
  };
  int errors = 0;
  for (const GmshForm& form : gmsh_forms) {
    const std::string whole = GmshWriter(form).text(periodic_grid({4, 3}, true));
    const std::size_t section = whole.find("$Periodic");
    for (std::size_t size = section + 2; size + 1 < whole.size(); ++size)
      EXPECT_THROW(read_joined(dir.write("cut.msh", whole.substr(0, size))), FileError) << size;
    for (int round = 0; round < 400; ++round) {
      std::string text = whole;
      const std::size_t from = round % 2 ? section : 0;
      for (std::size_t i = 0; i <= random(3); ++i) text[from + random(text.size() - from)] = char(random(256));
      const auto path = dir.write("damaged.msh", text);
      try {
        const MeshSlab mesh = read_gmsh(path, 0, 1, {.join_periodic = round % 3 > 0});
        for (const std::int64_t node : mesh.corner) ASSERT_TRUE(node >= 0 && node < mesh.n_nodes);
      } catch (const FileError&) {
        ++errors;
      }
    }
  }
  EXPECT_GT(errors, 300);
}

}  // namespace
}  // namespace halograph::test
