// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/gmsh.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "gmsh_writer.hpp"
#include "mesh_files.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::test {
namespace {

std::string shared_file(const std::string& name) { return testing::shared_path("data/meshes/" + name).string(); }

using io::read_gmsh;

const std::vector<GmshForm>& forms = gmsh_forms;

std::string label(const GmshForm& form) { return cat(form.is_41 ? "4.1" : "2.2", form.binary ? " binary" : " text"); }

/// Quadrilaterals and triangles, one curved, with boundary lines, a point, gaps in the tags and idle nodes.
PlainMesh flat_mesh() {
  PlainMesh mesh;
  mesh.nodes = {{100, {9, 9, 0.5}},   {1, {0, 0, 0.5}},   {2, {1, 0, 0.5}},    {3, {2, 0.125, 0.5}},
                {10, {0, 1, 0.5}},    {11, {1, 1, 0.5}},  {12, {2, 1, 0.5}},   {7, {1.5, 0, 0.5}},
                {6, {1.5, 0.5, 0.5}}, {5, {1, 0.5, 0.5}}, {20, {0.1, 2, 0.5}}, {21, {1, 2, 0.5}}};
  mesh.elements = {{15, 0, {1}},
                   {1, 1, {1, 2}},
                   {8, 1, {2, 3, 7}},
                   {3, 2, {1, 2, 11, 10}},
                   {9, 2, {2, 3, 11, 7, 6, 5}},
                   {2, 2, {3, 12, 11}},
                   {3, 2, {10, 11, 21, 20}}};
  return mesh;
}

/// One element of each solid shape, with faces beside them and an unsorted list of nodes.
PlainMesh solid_mesh() {
  PlainMesh mesh;
  for (int i = 0; i < 30; ++i) {
    const int k = (i * 7) % 30;
    mesh.nodes.push_back({1 + k, {0.1 * k, 0.01 * k * k, 1.0 / (1 + k)}});
  }
  mesh.elements = {{3, 2, {1, 2, 3, 4}},
                   {5, 3, {1, 2, 3, 4, 5, 6, 7, 8}},
                   {6, 3, {3, 4, 9, 7, 8, 10}},
                   {7, 3, {5, 6, 7, 8, 11}},
                   {2, 2, {5, 6, 11}},
                   {4, 3, {6, 7, 11, 12}},
                   {11, 3, {7, 8, 11, 13, 21, 22, 23, 24, 25, 26}}};
  return mesh;
}

/// What the reader must make of it, the slow way.
MeshSlab expected_mesh(const PlainMesh& plain, int position_dimension) {
  const std::map<int, ElementShape> shapes{{2, ElementShape::triangle},    {3, ElementShape::quadrilateral},
                                           {4, ElementShape::tetrahedron}, {5, ElementShape::hexahedron},
                                           {6, ElementShape::prism},       {7, ElementShape::pyramid},
                                           {9, ElementShape::triangle},    {11, ElementShape::tetrahedron}};
  int dimension = 0;
  for (const auto& element : plain.elements) dimension = std::max(dimension, element.dimension);
  std::set<std::int64_t> used;
  const auto corners = [&](const PlainMesh::Element& e) {
    return std::vector<std::int64_t>(e.tags.begin(), e.tags.begin() + corners_of(shapes.at(e.type)));
  };
  for (const auto& element : plain.elements)
    if (element.dimension == dimension)
      for (std::int64_t tag : corners(element)) used.insert(tag);
  MeshSlab mesh;
  mesh.dimension = position_dimension;
  std::map<std::int64_t, std::int64_t> row;
  for (const auto& node : plain.nodes)
    if (used.count(node.tag)) {
      row[node.tag] = mesh.n_nodes++;
      mesh.position.insert(mesh.position.end(), node.at.begin(), node.at.begin() + position_dimension);
    }
  mesh.corner_offset.push_back(0);
  for (const auto& element : plain.elements) {
    if (element.dimension < dimension) continue;
    mesh.shape.push_back(shapes.at(element.type));
    for (std::int64_t tag : corners(element)) mesh.corner.push_back(row.at(tag));
    mesh.corner_offset.push_back(std::int32_t(mesh.corner.size()));
  }
  return mesh;
}

MeshSlab read_in_parts(const std::string& path, int parts) {
  std::vector<MeshSlab> slabs;
  for (int part = 0; part < parts; ++part) slabs.push_back(read_gmsh(path, part, parts));
  return concatenated(slabs);
}

TEST(Gmsh, ReadsAllFormsInAnyNumberOfParts) {
  const TempDir dir;
  for (const GmshForm& form : forms) {
    SCOPED_TRACE(label(form));
    const auto flat = dir.write("flat.msh", GmshWriter(form).text(flat_mesh()));
    const auto solid = dir.write("solid.msh", GmshWriter(form).text(solid_mesh()));
    for (int parts : {1, 2, 3, 4, 5, 40}) {
      SCOPED_TRACE(parts);
      expect_same_mesh(read_in_parts(flat, parts), expected_mesh(flat_mesh(), 2));
      expect_same_mesh(read_in_parts(solid, parts), expected_mesh(solid_mesh(), 3));
    }
  }
}

TEST(Gmsh, KeepsThreeCoordinatesOfACurvedSurface) {
  const TempDir dir;
  PlainMesh mesh = flat_mesh();
  mesh.nodes[1].at[2] = 0.75;
  expect_same_mesh(read_gmsh(dir.write("a.msh", GmshWriter(forms[2]).text(mesh)), 0, 1), expected_mesh(mesh, 3));
  mesh = flat_mesh();
  mesh.nodes[0].at[2] = 0.75;  // belongs to no element
  expect_same_mesh(read_gmsh(dir.write("b.msh", GmshWriter(forms[2]).text(mesh)), 0, 1), expected_mesh(mesh, 2));
}

TEST(Gmsh, TakesLineEndsOfWindowsAndSectionsInAnyPlace) {
  const TempDir dir;
  std::string text = "$Comments\n$Nodes in a comment\n$EndComments\n\n" + GmshWriter(forms[0]).text(flat_mesh());
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
  expect_same_mesh(read_gmsh(dir.write("a.msh", text), 0, 1), expected_mesh(flat_mesh(), 2));
}

const std::string text_22 =
    "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n"
    "$Nodes\n4\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n$EndNodes\n"
    "$Elements\n3\n1 15 2 0 1 1\n2 2 2 0 1 1 2 3\n3 2 2 0 1 1 3 4\n$EndElements\n";

const std::string text_41 =
    "$MeshFormat\n4.1 0 8\n$EndMeshFormat\n"
    "$Nodes\n1 4 1 4\n2 1 0 4\n1\n2\n3\n4\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n$EndNodes\n"
    "$Elements\n1 2 1 2\n2 1 2 2\n1 1 2 3\n2 1 3 4\n$EndElements\n";

struct BrokenMesh {
  std::string text;
  std::vector<std::string> words;
};

TEST(Gmsh, NamesPlaceAndRuleOfBrokenText) {
  const std::string& a = text_22;
  const std::string& b = text_41;
  const std::string nodes_22 = a.substr(a.find("$Nodes"), a.find("$Elements") - a.find("$Nodes"));
  const std::vector<BrokenMesh> cases{
      {"", {"empty"}},
      {"\n\n", {"$MeshFormat is missing"}},
      {"hello\n", {"line 1", "'hello'", "not a Gmsh mesh"}},
      {std::string("\x7f\x00\xff\n", 4), {"line 1", "'\\x7f\\x00\\xff'"}},
      {"$Comments\nnever ends\n", {"$Comments", "no end"}},
      {replaced(a, "2.2 0 8", "4.0 0 8"), {"line 2", "'4.0'", "2.2 and 4.1 are read"}},
      {replaced(a, "2.2 0 8", "1"), {"line 2", "'1'", "2.2 and 4.1 are read"}},
      {replaced(a, "2.2 0 8", "2.2 3 8"), {"line 2", "file type 3"}},
      {replaced(a, "2.2 0 8", "2.2 0"), {"line 2", "data size", "missing"}},
      {replaced(a, "2.2 0 8", "2.2 0 8 9"), {"line 2", "unexpected '9'"}},
      {replaced(a, "$EndMeshFormat", "$EndOther"), {"line 3", "expected $EndMeshFormat"}},
      {replaced(a, nodes_22, ""), {"no section $Nodes or $ParametricNodes stands before $Elements"}},
      {replaced(a, "$Elements", nodes_22 + "$Elements"), {"a second section of nodes"}},
      {a.substr(0, a.find("$Elements")), {"section $Elements is missing"}},
      {replaced(a, "$EndNodes\n", ""), {"line 10", "expected $EndNodes"}},
      {a.substr(0, a.find("$EndElements")), {"ends where $EndElements"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n-4"), {"line 5", "-4 nodes", "negative"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n1000000000000000000"), {"line 5", "1000000000000000000 nodes", "remaining"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n99999999999999999999"), {"line 5", "64-bit"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n4.5"), {"line 5", "'4.5'"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n5"), {"line 10", "'$EndNodes'"}},
      {replaced(a, "$Nodes\n4", "$Nodes\n3"), {"line 9", "expected $EndNodes"}},
      {replaced(a, "2 1 0 0", "2 1 0"), {"line 7", "coordinate z", "missing"}},
      {replaced(a, "2 1 0 0", "2 1 0 0 0"), {"line 7", "unexpected '0'"}},
      {replaced(a, "2 1 0 0", "2 nan 0 0"), {"line 7", "'nan'", "finite"}},
      {replaced(a, "2 1 0 0", "2 1e999 0 0"), {"line 7", "'1e999'", "finite"}},
      {replaced(a, "2 1 0 0", "2 -inf 0 0"), {"line 7", "'-inf'", "finite"}},
      {replaced(a, "2 1 0 0", "2 1x 0 0"), {"line 7", "'1x'", "number"}},
      {replaced(a, "2 1 0 0", "2 1,5 0 0"), {"line 7", "'1,5'"}},
      {replaced(a, "2 1 0 0", "1 1 0 0"), {"node tag 1 twice"}},
      {replaced(a, "2 1 0 0", "-2 1 0 0"), {"line 7", "node tag -2", "positive"}},
      {replaced(a, "$Elements\n3", "$Elements\n-1"), {"line 12", "-1 elements", "negative"}},
      {replaced(a, "$Elements\n3", "$Elements\n1000000000000"), {"line 12", "1000000000000 elements"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 999 2 0 1 1 2 3"), {"line 14", "element type 999", "not one of Gmsh's"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 2 0 1 1 2 5"), {"line 14", "node tag 5"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 2 0 1 1 2 -3"), {"line 14", "node tag -3"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 2 0 1 1 2"), {"line 14", "missing"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 2 0 1 1 2 3 4"), {"line 14", "unexpected '4'"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 -2 0 1 1 2 3"), {"line 14", "-2 tags"}},
      {replaced(a, "2 2 2 0 1 1 2 3", "2 2 1000000000000 0 1 1 2 3"), {"line 14", "missing"}},
      {replaced(replaced(a, "2 2 2 0 1 1 2 3", "2 15 2 0 1 1"), "3 2 2 0 1 1 3 4", "3 15 2 0 1 1"), {"no lines"}},
      {replaced(b, "1 4 1 4", "1 5 1 4"), {"1 nodes less"}},
      {replaced(b, "1 4 1 4", "1 3 1 4"), {"line 6", "4 nodes in a block"}},
      {replaced(b, "1 4 1 4", "-1 4 1 4"), {"line 5", "-1 blocks"}},
      {replaced(b, "1 4 1 4", "1 9000000000000000000 1 4"), {"line 5", "9000000000000000000 nodes"}},
      {replaced(b, "2 1 0 4", "2 1 0 -4"), {"line 6", "-4 nodes in a block"}},
      {replaced(b, "2 1 0 4", "2 1 2 4"), {"line 6", "parametric flag 2"}},
      {replaced(b, "2 1 0 4", "7 1 0 4"), {"line 6", "dimension 7"}},
      {replaced(b, "2 1 2 2", "2 1 2 3"), {"line 18", "3 elements in a block"}},
      {replaced(b, "2 1 2 2", "2 1 34 2"), {"line 19", "element type 34"}},
      {replaced(b, "1 2 1 2\n2 1 2 2", "2000000000000 2 1 2\n2 1 2 2"), {"line 17", "2000000000000 blocks"}},
      {replaced(b, "\n1\n2\n3\n", "\n1\n2\n2\n"), {"node tag 2 twice"}},
      {replaced(b, "\n1\n2\n3\n", "\n1\n2 3\n"), {"line 8", "unexpected '3'"}},
  };
  const TempDir dir;
  for (const BrokenMesh& broken : cases) {
    SCOPED_TRACE(broken.text);
    const auto path = dir.write("broken.msh", broken.text);
    auto words = broken.words;
    words.push_back("broken.msh");
    expect_file_error([&] { read_gmsh(path, 0, 2); }, words);
    expect_file_error([&] { read_gmsh(path, 1, 2); }, words);
  }
}

TEST(Gmsh, RefusesWhatIsNoMeshFile) {
  const TempDir dir;
  expect_file_error([&] { read_gmsh(dir.path("absent.msh"), 0, 1); }, {"absent.msh", "no such file"});
  expect_file_error([&] { read_gmsh(dir.path("."), 0, 1); }, {"not a regular file"});
  expect_file_error([&] { read_gmsh("/dev/null", 0, 1); }, {"not a regular file"});
  expect_file_error([&] { read_gmsh(dir.write("a.msh.gz", "\x1f\x8b\x08\x01"), 0, 1); }, {"gzip", "decompress"});
  expect_file_error(
      [&] {
        read_gmsh(dir.write("a.msh.xz",
                            "\xfd"
                            "7zXZ"),
                  0, 1);
      },
      {"xz", "decompress"});
  expect_file_error([&] { read_gmsh(dir.write("a.msh", std::string(3 << 20, 'x')), 0, 1); }, {"line 1", "longer"});
  EXPECT_THROW(read_gmsh(dir.write("b.msh", text_22), 2, 2), UsageError);
  EXPECT_THROW(read_gmsh(dir.write("b.msh", text_22), -1, 2), UsageError);
}

TEST(Gmsh, NamesTheByteOfBrokenBinaryData) {
  const TempDir dir;
  const auto patched = [&](GmshForm form, const std::string& before, std::int64_t skip, auto value) {
    std::string text = GmshWriter(form).text(solid_mesh());
    const std::size_t at = text.find(before) + before.size() + std::size_t(skip);
    std::memcpy(&text[at], &value, sizeof value);
    return std::pair(dir.write("broken.msh", text), cat("byte ", at));
  };
  const auto expect = [&](const std::pair<std::string, std::string>& file, const std::vector<std::string>& words) {
    expect_file_error([&] { read_gmsh(file.first, 0, 1); }, {file.second});
    expect_file_error([&] { read_gmsh(file.first, 0, 1); }, words);
  };
  const GmshForm old = forms[1], now = forms[3];
  expect(patched(old, "2.2 1 8\n", 0, 0x01000000), {"byte order"});
  expect(patched(old, "$Nodes\n30\n", 4, std::nan("")), {"coordinate x", "finite"});
  expect(patched(old, "$Nodes\n30\n", 0, std::int32_t(-5)), {"node tag -5", "positive"});
  expect(patched(old, "$Elements\n7\n", 0, std::int32_t(777)), {"element type 777"});
  expect(patched(old, "$Elements\n7\n", 8, std::int32_t(-1)), {"-1 tags"});
  expect(patched(now, "$Nodes\n", 52, std::int64_t(0)), {"node tag 0", "positive"});
  expect(patched(now, "$Nodes\n", 52 + 10 * 8 + 8, HUGE_VAL), {"coordinate y", "finite"});
  expect(patched(now, "$Nodes\n", 44, std::int64_t(1) << 60), {"1152921504606846976 nodes in a block"});
  expect(patched(now, "$Elements\n", 32 + 8, std::int32_t(999)), {"element type 999"});
}

TEST(Gmsh, EveryTruncationIsAnError) {
  const TempDir dir;
  for (const GmshForm& form : forms) {
    SCOPED_TRACE(label(form));
    const std::string text = GmshWriter(form).text(solid_mesh());
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {
      const auto path = dir.write("cut.msh", text.substr(0, size));
      EXPECT_THROW(read_gmsh(path, 0, 1), FileError) << size << " of " << text.size() << " bytes";
    }
  }
}

TEST(Gmsh, SurvivesDamagedBytes) {
  const TempDir dir;
  std::uint64_t state = 1;
  const auto random = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return std::size_t(state >> 33) % below;
  };
  int errors = 0;
  for (const GmshForm& form : forms)
    for (int round = 0; round < 600; ++round) {
      std::string text = GmshWriter(form).text(round % 2 ? flat_mesh() : solid_mesh());
      for (std::size_t i = 0; i <= random(4); ++i) text[random(text.size())] = char(random(256));
      const auto path = dir.write("damaged.msh", text);
      try {
        const MeshSlab mesh = read_gmsh(path, 0, 1);
        for (std::int64_t node : mesh.corner) ASSERT_TRUE(node >= 0 && node < mesh.n_nodes);
      } catch (const FileError&) {
        ++errors;
      }
    }
  EXPECT_GT(errors, 600);
}

TEST(Gmsh, ReadsRealMeshes) {
  if (const auto why = testing::shared_missing("data/meshes/pyfr_gmsh"); !why.empty()) GTEST_SKIP() << why;
  const auto quads = shared_file("pyfr_gmsh/double-mach-reflection.msh.xz");
  const TempDir dir;
  expect_file_error([&] { read_gmsh(quads, 0, 1); }, {"xz", "decompress"});

  const MeshSlab flat = read_gmsh(unpacked(dir, quads), 0, 1);
  EXPECT_EQ(flat.dimension, 2);
  EXPECT_EQ(flat.n_nodes, 231601);
  EXPECT_EQ(count_edges(flat), 462000u);
  EXPECT_EQ(flat.shape.size(), 230400u);

  const auto hexes = unpacked(dir, shared_file("pyfr_gmsh/taylor-green.msh.xz"));
  const MeshSlab solid = read_gmsh(hexes, 0, 1);
  EXPECT_EQ(solid.dimension, 3);
  EXPECT_EQ(solid.n_nodes, 35937);
  EXPECT_EQ(count_edges(solid), 104544u);
  expect_same_mesh(read_in_parts(hexes, 3), solid);

  // Second order: 7,345 nodes in the file, of which Euler's formula leaves the corners: V - E + F = 0 around a hole.
  const auto curved = shared_file("pyfr_gmsh/inc-cylinder.msh");
  const MeshSlab corners = read_gmsh(curved, 0, 1);
  EXPECT_EQ(corners.dimension, 2);
  EXPECT_EQ(corners.shape.size(), 3231u + 196u);
  EXPECT_EQ(std::int64_t(count_edges(corners)), corners.n_nodes + std::int64_t(corners.shape.size()));
  expect_same_mesh(read_in_parts(curved, 5), corners);
}

}  // namespace
}  // namespace halograph::test
