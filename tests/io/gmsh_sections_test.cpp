// SPDX-License-Identifier: BSD-3-Clause
// Sections that a Gmsh mesh may have besides its nodes and elements, elements that are listed twice or collapsed, and
// damage that must not pass in silence.
#include <halograph/io/gmsh.hpp>

#include <gtest/gtest.h>

#include <halograph/graph/mesh/mesh_graph.hpp>
#include <halograph/io/su2.hpp>
#include <halograph/mpi/log.hpp>

#include "gmsh_writer.hpp"
#include "mesh_files.hpp"
#include "src/io/corner_check.hpp"

namespace halograph::test {
namespace {

using io::read_gmsh;

/// A quadrilateral, a triangle on it, and a line of the border.
PlainMesh small_mesh() {
  PlainMesh mesh;
  mesh.nodes = {{1, {0, 0, 0}}, {2, {1, 0, 0}}, {3, {1, 1, 0}}, {4, {0, 1, 0}}, {5, {0.5, 2, 0}}};
  mesh.elements = {{1, 1, {1, 2}}, {3, 2, {1, 2, 3, 4}}, {2, 2, {4, 3, 5}}};
  return mesh;
}

TEST(GmshSections, OthersAreSkippedWhereverTheyStand) {
  const TempDir dir;
  const std::string physical = "$PhysicalNames\n1\n2 1 \"$EndNodes\"\n$EndPhysicalNames\n";
  const std::string data = "$NodeData\n1\n\"u\"\n1\n0.0\n3\n0\n1\n2\n1 0.5\n2 0.25\n$EndNodeData\n";
  const std::string unknown = "$Whatever\n$ not a section\n1 2 3\n$EndWhatever\n";
  const std::string partitioned = "$PartitionedEntities\n2\n0\n0 0 0 0\n$EndPartitionedEntities\n";
  for (const GmshForm& form : gmsh_forms) {
    const std::string text = GmshWriter(form).text(small_mesh());
    const MeshSlab expected = read_gmsh(dir.write("a.msh", text), 0, 1);
    for (const std::string& section : {physical, data, unknown, partitioned, std::string("\n \n")})
      for (const char* place : {"$Nodes\n", "$Elements\n", ""}) {
        std::string more = *place ? replaced(text, place, section + place) : text + section;
        expect_same_mesh(read_gmsh(dir.write("a.msh", more), 0, 1), expected);
      }
    std::string fewer = text;
    for (const char* name : {"PhysicalNames", "Entities"}) {
      const std::size_t begin = fewer.find(cat("$", name));
      if (begin == std::string::npos) continue;
      const std::string end = cat("$End", name, "\n");
      fewer.erase(begin, fewer.find(end) + end.size() - begin);
    }
    expect_same_mesh(read_gmsh(dir.write("a.msh", fewer), 0, 1), expected);
  }
}

TEST(GmshSections, NumbersTooSmallForADoubleAreSaid) {
  const TempDir dir;
  const std::string text = GmshWriter(gmsh_forms[0]).text(small_mesh());
  EXPECT_TRUE(read_gmsh(dir.write("a.msh", text), 0, 1).notes.empty());
  const MeshSlab mesh = read_gmsh(dir.write("a.msh", replaced(text, "\n1 0 0 0 \n", "\n1 1e-400 0 0 \n")), 0, 1);
  ASSERT_EQ(mesh.notes.size(), 1u);
  EXPECT_NE(mesh.notes[0].find("'1e-400'"), std::string::npos) << mesh.notes[0];
  EXPECT_EQ(mesh.position[0], 0);
}

TEST(GmshSections, DamageIsNamed) {
  const TempDir dir;
  const std::string a = GmshWriter(gmsh_forms[0]).text(small_mesh());
  const std::string nodes = a.substr(a.find("$Nodes"), a.find("$Elements") - a.find("$Nodes"));
  const std::string elements = a.substr(a.find("$Elements"));
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {a + nodes, {"line 22", "second section of nodes"}},
      {replaced(a, "$Elements", nodes + "$Elements"), {"second section of nodes"}},
      {a + elements, {"second section of elements"}},
      {replaced(a, nodes, ""), {"no section $Nodes or $ParametricNodes stands before $Elements"}},
      {replaced(a, elements, ""), {"section $Elements is missing"}},
      {replaced(replaced(a, nodes, ""), elements, ""), {"section $Nodes is missing"}},
      {replaced(a, "$Nodes", "rubbish\n$Nodes"), {"line 8", "expected a section, found 'rubbish'"}},
      {a + "rubbish\n", {"line 22", "expected a section, found 'rubbish'"}},
      {replaced(a, "2 1 0 0", "rubbish\n2 1 0 0"), {"line 11", "'rubbish'"}},
      {replaced(a, "$EndNodes", "rubbish\n$EndNodes"), {"line 15", "expected $EndNodes", "'rubbish'"}},
      {replaced(a, "$EndElements", "rubbish\n$EndElements"), {"expected $EndElements", "'rubbish'"}},
      {replaced(a, "2 1 0 0", "2 1 0"), {"line 11", "coordinate z is missing"}},
      {replaced(a, "2 1 0 0", "2 1 0 0 0"), {"line 11", "unexpected '0'"}},
      {replaced(a, "$Nodes\n5", "$Nodes\n6"), {"line 15", "section ends", "'$EndNodes'"}},
      {replaced(a, "$Nodes\n5", "$Nodes\n4"), {"line 14", "expected $EndNodes"}},
      {replaced(a, "$Elements\n3", "$Elements\n4"), {"section ends", "'$EndElements'"}},
      {replaced(a, "$Elements\n3", "$Elements\n2"), {"expected $EndElements"}},
      {a + "$NodeData\n1\n", {"$EndNodeData is missing"}},
  };
  for (const auto& [text, words] : cases) {
    SCOPED_TRACE(text);
    const auto path = dir.write("broken.msh", text);
    for (const int part : {0, 1}) expect_file_error([&] { read_gmsh(path, part, 2); }, words);
  }
}

TEST(GmshSections, ElementsThatNameANodeTwiceAreCollapsedOrBroken) {
  const TempDir dir;
  const auto read = [&](const GmshForm& form, PlainMesh::Element element) {
    PlainMesh mesh;
    for (std::int64_t n = 1; n <= 12; ++n) mesh.nodes.push_back({n, {double(n % 3), double(n % 2), double(n * n)}});
    mesh.elements = {{1, 1, {3, 3}}, {15, 0, {1}}, element};  // what a border is like does not count
    return read_gmsh(dir.write("a.msh", GmshWriter(form).text(mesh)), 0, 1);
  };
  const std::vector<PlainMesh::Element> collapsed{{3, 2, {1, 2, 3, 3}},
                                                  {3, 2, {1, 2, 3, 1}},
                                                  {5, 3, {1, 2, 3, 3, 5, 6, 7, 7}},
                                                  {5, 3, {1, 2, 3, 4, 5, 5, 5, 5}},
                                                  {6, 3, {1, 2, 3, 1, 5, 6}},
                                                  {7, 3, {1, 2, 3, 3, 5}}};
  const std::vector<PlainMesh::Element> broken{{1, 1, {1, 1}},
                                               {2, 2, {1, 2, 2}},
                                               {2, 2, {1, 1, 1}},
                                               {3, 2, {1, 2, 1, 4}},
                                               {3, 2, {1, 1, 2, 2}},
                                               {4, 3, {1, 2, 3, 1}},
                                               {7, 3, {1, 2, 1, 4, 5}},
                                               {5, 3, {1, 2, 3, 4, 5, 6, 1, 8}},
                                               {9, 2, {1, 2, 1, 4, 5, 6}}};
  for (const GmshForm& form : gmsh_forms) {
    for (const auto& element : collapsed) {
      const MeshSlab mesh = read(form, element);
      ASSERT_EQ(mesh.notes.size(), 1u);
      EXPECT_NE(mesh.notes[0].find("1 element is collapsed, naming a node more than once; the first: "),
                std::string::npos);
      EXPECT_NE(mesh.notes[0].find(form.binary ? "byte" : "line"), std::string::npos);
      EXPECT_EQ(mesh.shape.size(), 1u);
    }
    for (const auto& element : broken)
      expect_file_error([&] { read(form, element); },
                        {"a.msh, ", form.binary ? "byte" : "line", "names a node more than once"});
  }
}

/// What mesh_graph says while it makes a graph of `mesh`.
std::vector<std::string> said(MeshSlab mesh, GraphSlab& graph) {
  std::vector<std::string> seen;
  set_message_handler([&](Severity, const std::string& text) { seen.push_back(text); });
  graph = mesh_graph(Communicator(), std::move(mesh));
  set_message_handler({});
  return seen;
}

void expect_same_graph(const GraphSlab& a, const GraphSlab& b) {
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.edge_source, b.edge_source);
  EXPECT_EQ(a.edge_target, b.edge_target);
  EXPECT_EQ(a.cell_type, b.cell_type);
  EXPECT_EQ(a.cell_offset, b.cell_offset);
  EXPECT_EQ(a.cell_node, b.cell_node);
}

TEST(GmshSections, ElementsListedTwiceCountOnceInEveryFormat) {
  const TempDir dir;
  PlainMesh twice = small_mesh();
  twice.elements.insert(twice.elements.end(), {{3, 2, {1, 2, 3, 4}}, {2, 2, {3, 5, 4}}, {3, 2, {4, 3, 2, 1}}});
  const std::vector<std::string> line{"2 elements that occur more than once are counted once"};
  GraphSlab expected, graph;
  for (const GmshForm& form : gmsh_forms) {
    EXPECT_TRUE(said(read_gmsh(dir.write("a.msh", GmshWriter(form).text(small_mesh())), 0, 1), expected).empty());
    EXPECT_EQ(said(read_gmsh(dir.write("b.msh", GmshWriter(form).text(twice)), 0, 1), graph), line);
    expect_same_graph(graph, expected);
  }
  const std::string su2 =
      "NDIME= 2\nNELEM= 2\n9 0 1 2 3\n5 3 2 4\nNPOIN= 5\n0 0 0\n1 0 1\n1 1 2\n0 1 3\n0.5 2 4\nNMARK= 0\n";
  EXPECT_TRUE(said(io::read_su2(dir.write("a.su2", su2), 0, 1), expected).empty());
  const std::string more =
      replaced(replaced(su2, "NELEM= 2", "NELEM= 4"), "5 3 2 4\n", "5 3 2 4\n9 3 2 1 0\n5 2 4 3\n");
  EXPECT_EQ(said(io::read_su2(dir.write("b.su2", more), 0, 1), graph), line);
  expect_same_graph(graph, expected);
}

}  // namespace
}  // namespace halograph::test
