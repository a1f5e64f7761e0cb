// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/su2.hpp>

#include <algorithm>

#include "mesh_files.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::test {
namespace {

std::string shared_file(const std::string& name) { return testing::shared_path("data/meshes/" + name).string(); }

using io::read_su2;
using io::read_su2_csv;

const std::string flat =
    "% a comment\n"
    "NDIME= 2\n"
    "NELEM= 3   % triangles and a quadrilateral\n"
    "9 0 1 4 3 0\n"
    "5\t1\t2\t4\t1\n"
    "\n"
    "5 2 5 4 2\n"
    "NPOIN= 6 6\n"
    "0 0 0\n"
    "1.5 0 1\n"
    "+3 -1e-3 2\n"
    "0 1 3\n"
    "% between\n"
    "1.5 1 4\n"
    "3 1 5\n"
    "NMARK= 1\n"
    "MARKER_TAG= wall\n"
    "MARKER_ELEMS= 2\n"
    "3 0 1\n"
    "3 1 2\n";

const std::string solid =
    "NDIME=3\nNZONE=1\nNPOIN=11\n"
    "0 0 0\n1 0 0\n1 1 0\n0 1 0\n0 0 1\n1 0 1\n1 1 1\n0 1 1\n0.5 0.5 2\n2 0 0\n2 0 1\n"
    "NELEM=4\n12 0 1 2 3 4 5 6 7\n14 4 5 6 7 8\n13 1 9 2 5 10 6\n10 5 10 6 8\n";

MeshSlab read_in_parts(const std::string& path, int parts) {
  std::vector<MeshSlab> slabs;
  for (int part = 0; part < parts; ++part) slabs.push_back(read_su2(path, part, parts));
  return concatenated(slabs);
}

TEST(Su2, ReadsMixedElements) {
  const TempDir dir;
  const MeshSlab mesh = read_su2(dir.write("flat.su2", flat), 0, 1);
  EXPECT_EQ(mesh.dimension, 2);
  EXPECT_EQ(mesh.n_nodes, 6);
  EXPECT_EQ(mesh.position, (std::vector<double>{0, 0, 1.5, 0, 3, -1e-3, 0, 1, 1.5, 1, 3, 1}));
  using enum ElementShape;
  EXPECT_EQ(mesh.shape, (std::vector<ElementShape>{quadrilateral, triangle, triangle}));
  EXPECT_EQ(mesh.corner, (std::vector<std::int64_t>{0, 1, 4, 3, 1, 2, 4, 2, 5, 4}));
  EXPECT_EQ(mesh.corner_offset, (std::vector<std::int32_t>{0, 4, 7, 10}));

  const MeshSlab volume = read_su2(dir.write("solid.su2", solid), 0, 1);
  EXPECT_EQ(volume.dimension, 3);
  EXPECT_EQ(volume.shape, (std::vector<ElementShape>{hexahedron, pyramid, prism, tetrahedron}));
  EXPECT_EQ(volume.position.size(), 33u);
}

TEST(Su2, SlabsFollowOneAnother) {
  const TempDir dir;
  for (const std::string& text : {flat, solid}) {
    const auto path = dir.write("mesh.su2", text);
    const MeshSlab whole = read_su2(path, 0, 1);
    for (int parts : {1, 2, 3, 4, 5, 20}) expect_same_mesh(read_in_parts(path, parts), whole);
  }
}

struct BrokenSu2 {
  std::string text;
  std::vector<std::string> words;
};

TEST(Su2, NamesPlaceAndRuleOfBrokenMeshes) {
  const std::vector<BrokenSu2> cases{
      {"", {"empty"}},
      {"% nothing\n", {"NDIME is missing"}},
      {"hello\n", {"line 1", "'hello'", "KEYWORD"}},
      {std::string("\x89HDF\r\n\x1a\n"), {"line 1", "'\\x89HDF'"}},
      {"= 3\n", {"line 1", "NDIME is missing"}},
      {replaced(flat, "NDIME= 2\n", ""), {"NDIME is missing"}},
      {replaced(flat, "NDIME= 2", "NDIME= 4"), {"line 2", "NDIME is 4"}},
      {replaced(flat, "NDIME= 2", "NDIME= two"), {"line 2", "'two'"}},
      {replaced(flat, "NDIME= 2", "NDIME="), {"line 2", "NDIME is missing"}},
      {replaced(flat, "NDIME= 2", "NDIME= 2\nNDIME= 2"), {"line 3", "twice"}},
      {replaced(flat, "NDIME= 2", "NZONE= 3\nNDIME= 2"), {"line 2", "NZONE is 3", "one zone"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= -6"), {"line 8", "NPOIN is -6"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= 0"), {"line 8", "NPOIN is 0"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= 1000000000000000000"), {"line 8", "000000000 nodes", "remaining"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= 6 x"), {"line 8", "NPOIN is 'x'"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= 7"), {"line 16", "only 6 of 7 nodes", "'NMARK= 1'"}},
      {replaced(flat, "NPOIN= 6 6", "NPOIN= 5"), {"line 15", "KEYWORD", "'3 1 5'"}},
      {replaced(flat, "NELEM= 3", "NELEM= 4"), {"line 8", "only 3 of 4 elements", "'NPOIN= 6 6'"}},
      {replaced(flat, "NELEM= 3", "NELEM= 2"), {"line 7", "KEYWORD"}},
      {replaced(flat, "NELEM= 3", "NELEM= -3"), {"line 3", "NELEM is -3"}},
      {replaced(flat, "NELEM= 3", "NELEM= 4000000000000"), {"line 3", "4000000000000 elements"}},
      {flat.substr(0, flat.find("NPOIN")), {"NPOIN is missing"}},
      {flat.substr(0, flat.find("3 1 5")), {"the file ends after 5 of 6 nodes"}},
      {solid.substr(0, solid.find("NELEM")), {"NELEM is missing"}},
      {flat + "NPOIN= 1\n0 0\n", {"line 21", "NPOIN occurs twice"}},
      {flat + "NELEM= 0\n", {"line 21", "NELEM occurs twice"}},
      {replaced(flat, "9 0 1 4 3 0", "9 0 1 4 6 0"), {"line 4", "node 6 of 6"}},
      {replaced(flat, "9 0 1 4 3 0", "9 0 1 4 -3 0"), {"line 4", "node -3"}},
      {replaced(flat, "9 0 1 4 3 0", "9 0 1 4"), {"line 4", "missing"}},
      {replaced(flat, "9 0 1 4 3 0", "9 0 1 4 3 x"), {"line 4", "behind what is needed", "'x'"}},
      {replaced(flat, "9 0 1 4 3 0", "22 0 1 4 3 0"), {"line 4", "element type 22 (VTK's quadratic triangle)"}},
      {replaced(flat, "9 0 1 4 3 0", "3 0 1"), {"line 4", "element type 3 (line)", "dimension 2"}},
      {replaced(flat, "9 0 1 4 3 0", "10 0 1 4 3"), {"line 4", "tetrahedron", "dimension 2"}},
      {replaced(flat, "1.5 0 1", "nan 0 1"), {"line 10", "'nan'", "finite"}},
      {replaced(flat, "1.5 0 1", "1.5z 0 1"), {"line 10", "'1.5z'"}},
      {replaced(flat, "1.5 0 1", "1.5"), {"line 10", "missing"}},
      {replaced(flat, "1.5 0 1", "1.5 1e400 1"), {"line 10", "'1e400'"}},
  };
  const TempDir dir;
  for (const BrokenSu2& broken : cases) {
    SCOPED_TRACE(broken.text);
    const auto path = dir.write("broken.su2", broken.text);
    auto words = broken.words;
    words.push_back("broken.su2");
    for (int part : {0, 1}) expect_file_error([&] { read_su2(path, part, 2); }, words);
  }
  expect_file_error([&] { read_su2(dir.path("absent.su2"), 0, 1); }, {"no such file"});
  expect_file_error([&] { read_su2(dir.path("."), 0, 1); }, {"a folder, not a regular file"});
  EXPECT_THROW(read_su2(dir.write("a.su2", flat), 1, 1), UsageError);
}

TEST(Su2, EveryTruncationIsAnError) {
  const TempDir dir;
  const std::size_t last = solid.size() - 2;
  for (std::size_t size = 0; size < last; ++size)
    EXPECT_THROW(read_su2(dir.write("cut.su2", solid.substr(0, size)), 0, 1), FileError) << size;
}

TEST(Su2, ReadsRealMeshesAndSolutions) {
  if (const auto why = testing::shared_missing("data/meshes/su2_naca0012_euler"); !why.empty()) GTEST_SKIP() << why;
  const auto airfoil = shared_file("su2_naca0012_euler/mesh_NACA0012_inv.su2");
  MeshSlab naca = read_su2(airfoil, 0, 1);
  EXPECT_EQ(naca.n_nodes, 5233);
  EXPECT_EQ(count_edges(naca), 15449u);
  expect_same_mesh(read_in_parts(airfoil, 3), naca);
  read_su2_csv(shared_file("su2_naca0012_euler/solution_flow.csv"), naca);
  EXPECT_EQ(naca.fields.size(), 8u);

  MeshSlab cylinder = read_su2(shared_file("su2_cylinder_unsteady/mesh_cylinder.su2"), 1, 3);
  const TempDir dir;
  const std::string step = "su2_cylinder_unsteady/solution_flow_0000";
  expect_file_error([&] { read_su2_csv(shared_file(step + "0.csv.gz"), cylinder); }, {"gzip", "decompress"});
  for (int i = 0; i < 10; ++i) read_su2_csv(unpacked(dir, shared_file(step + std::to_string(i) + ".csv.gz")), cylinder);
  EXPECT_EQ(count_edges(read_su2(shared_file("su2_cylinder_unsteady/mesh_cylinder.su2"), 0, 1)), 7009u);
  const auto velocity = std::find_if(cylinder.fields.begin(), cylinder.fields.end(),
                                     [](const SlabField& field) { return field.name == "Velocity"; });
  ASSERT_NE(velocity, cylinder.fields.end());
  EXPECT_EQ(velocity->channels, 2);
  EXPECT_EQ(velocity->frames, 10);
  EXPECT_EQ(velocity->values.size(), cylinder.position.size() * 10);
  EXPECT_THROW(read_su2_csv(shared_file("su2_naca0012_euler/solution_flow.csv"), cylinder), FileError);

  const MeshSlab sphere = read_su2(shared_file("su2_sphere_3d/slice_2syms.su2"), 0, 1);
  EXPECT_EQ(sphere.dimension, 3);
  EXPECT_EQ(sphere.n_nodes, 5750);
  EXPECT_EQ(count_edges(sphere), 21425u);
}

}  // namespace
}  // namespace halograph::test
