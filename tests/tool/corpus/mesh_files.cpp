// SPDX-License-Identifier: BSD-3-Clause
// Meshes of Gmsh and SU2, and solutions of SU2.
#include "tests/io/mesh_files.hpp"
#include "tests/io/gmsh_writer.hpp"
#include "tests/tool/corpus/corpus.hpp"

namespace halograph::test {
namespace {

/// Two triangles and two segments of the border.
PlainMesh square() {
  return {{{1, {0, 0, 0}}, {2, {1, 0, 0}}, {3, {1, 1, 0}}, {4, {0, 1, 0}}},
          {{1, 1, {1, 2}}, {1, 1, {2, 3}}, {2, 2, {1, 2, 3}}, {2, 2, {1, 3, 4}}}};
}

std::string gmsh(bool is_41, bool binary, const PlainMesh& mesh = square()) {
  return GmshWriter({is_41, binary}).text(mesh);
}

/// The bytes of `text` from the line `from` on, with `value` over those at `offset`.
std::string overwritten(std::string text, const std::string& from, std::size_t offset, std::int64_t value) {
  const std::size_t at = text.find(from) + from.size() + offset;
  return text.replace(at, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

const std::string su2_square =
    "NDIME= 2\nNELEM= 2\n5 0 1 2 0\n5 0 2 3 1\nNPOIN= 4\n0 0 0\n1 0 1\n1 1 2\n0 1 3\nNMARK= 1\nMARKER_TAG= border\n"
    "MARKER_ELEMS= 1\n3 0 1\n";

const std::string csv_square =
    "\"PointID\",\"x\",\"y\",\"Pressure\"\n0, 0, 0, 1.5\n1, 1, 0, 2.5\n2, 1, 1, 3.5\n3, 0, 1, 4.5\n";

}  // namespace

void add_gmsh_files(Corpus& corpus) {
  const std::string text_2 = gmsh(false, false), binary_2 = gmsh(false, true), text_4 = gmsh(true, false),
                    binary_4 = gmsh(true, true);
  const auto add = [&](const std::string& name, const std::string& content, const std::string& words) {
    corpus.file(name, content, words, partition);
  };
  add("empty.msh", "", "the file is empty");
  add("html.msh", "<!DOCTYPE html>\n<html></html>\n", "is a web page (HTML), not the file");
  add("gzip.msh", "\x1f\x8b\x08" + text_2, "compressed (gzip)");
  add("version_3.msh", replaced(text_2, "2.2 0 8", "3.0 0 8"), "2.0, 2.1, 2.2 and 4.1 are read");
  add("data_size_4.msh", replaced(binary_4, "4.1 1 8", "4.1 1 4"), "line 2: data size 4");
  add("other_byte_order.msh", replaced(binary_4, std::string("\1\0\0\0", 4), std::string("\0\0\0\1", 4)),
      "the other byte order");
  add("no_nodes.msh", text_2.substr(0, text_2.find("$Nodes")), "section $Nodes is missing");
  add("no_elements.msh", text_4.substr(0, text_4.find("$Elements")), "section $Elements is missing");
  add("cut_in_nodes.msh", text_2.substr(0, text_2.find("$EndNodes") - 12), "line");
  add("cut_binary_2.msh", binary_2.substr(0, binary_2.find("$EndElements") - 20), "the file ends inside");
  add("cut_binary_4.msh", binary_4.substr(0, binary_4.find("$EndNodes") - 20), "the file ends inside");
  add("negative_nodes.msh", replaced(text_2, "$Nodes\n4\n", "$Nodes\n-4\n"), "a count must not be negative");
  add("many_nodes.msh", replaced(text_2, "$Nodes\n4\n", "$Nodes\n1000000000000000000\n"),
      "1000000000000000000 nodes cannot be in the remaining");
  add("many_blocks.msh", overwritten(binary_4, "$Elements\n", 0, 1'000'000'000'000'000'000),
      "1000000000000000000 blocks cannot be in the remaining");
  add("negative_in_binary.msh", overwritten(binary_4, "$Nodes\n", 8, -3), "-3 nodes: a count must not be negative");
  add("unknown_node.msh", replaced(text_2, "3 2 2 7 8 1 2 3", "3 2 2 7 8 1 2 9"), "refers to node tag 9");
  add("tag_twice.msh", replaced(text_2, "\n4 0 1 0", "\n3 0 1 0"), "gives node tag 3 twice");
  add("nan.msh", replaced(text_2, "\n4 0 1 0", "\n4 nan 1 0"), "coordinate x is 'nan', not a finite number");
  add("word.msh", replaced(text_2, "\n4 0 1 0", "\n4 zero 1 0"), "coordinate x is 'zero', not a number");
  add("element_type_199.msh", replaced(text_2, "3 2 2 7 8", "3 199 2 7 8"), "199");
  PlainMesh points = square();
  points.elements = {{15, 0, {1}}};
  add("only_points.msh", gmsh(false, false, points), "no lines, faces or volumes");
}

void add_su2_files(Corpus& corpus) {
  const auto mesh = [&](const std::string& name, const std::string& content, const std::string& words) {
    corpus.file(name, content, words, partition);
  };
  mesh("no_dimension.su2", replaced(su2_square, "NDIME= 2\n", ""), "NDIME");
  mesh("dimension_4.su2", replaced(su2_square, "NDIME= 2", "NDIME= 4"), "line 1: NDIME is 4: expected 2 or 3");
  mesh("more_elements.su2", replaced(su2_square, "NELEM= 2", "NELEM= 3"), "line 5");
  mesh("fewer_elements.su2", replaced(su2_square, "NELEM= 2", "NELEM= 1"), "line 4: expected KEYWORD= VALUE");
  mesh("many_elements.su2", replaced(su2_square, "NELEM= 2", "NELEM= 1000000000000000000"),
       "cannot be in the remaining");
  mesh("negative_points.su2", replaced(su2_square, "NPOIN= 4", "NPOIN= -4"), "NPOIN is -4");
  mesh("element_type_77.su2", replaced(su2_square, "5 0 1 2 0", "77 0 1 2 0"),
       "line 3: element type 77 is not supported");
  mesh("point_9.su2", replaced(su2_square, "5 0 2 3 1", "5 0 2 9 1"), "line 4: an element refers to node 9 of 4");
  mesh("point_below.su2", replaced(su2_square, "5 0 2 3 1", "5 0 2 -3 1"), "line 4: an element refers to node -3");
  mesh("word.su2", replaced(su2_square, "1 1 2", "1 one 2"), "line 8: a coordinate is 'one', not a number");
  mesh("cut.su2", su2_square.substr(0, su2_square.find("1 1 2")), "the file ends after 2 of 4 nodes");

  const std::string wall = "MARKER_ELEMS= 1\n3 0 1\n";
  mesh("no_elements.su2", replaced(su2_square, "NELEM= 2\n5 0 1 2 0\n5 0 2 3 1\n", "NELEM= 0\n"), "line 2: NELEM is 0");
  mesh("coordinate_missing.su2", replaced(su2_square, "1 1 2", "1 2"),
       "line 8: 0 numbers stand behind the coordinates");
  mesh("coordinates_missing.su2", replaced(su2_square, "0 0 0\n1 0 1\n1 1 2\n0 1 3", "0 0\n1 1\n1 2\n0 3"),
       "is its index");
  mesh("node_missing.su2", replaced(su2_square, "5 0 2 3 1", "5 0 2 3"), "line 4: 0 numbers stand behind the nodes");
  mesh("node_twice.su2", replaced(su2_square, "5 0 2 3 1", "5 0 2 2 1"), "line 4: an element names node 2 twice");
  mesh("rubbish_between.su2", replaced(su2_square, "NMARK= 1", "rubbish\nNMARK= 1"),
       "line 10: expected KEYWORD= VALUE");
  mesh("rubbish_border.su2", replaced(su2_square, wall, "MARKER_ELEMS= 1\n3 0 rubbish\n"),
       "line 13: a number of a marker's element");
  mesh("rubbish_end.su2", su2_square + "rubbish here\n", "line 14: expected KEYWORD= VALUE, found 'rubbish here'");
  mesh("border_cut.su2", replaced(su2_square, wall, "MARKER_ELEMS= 3\n3 0 1\n"),
       "before the last 2 elements of a marker");
  mesh("vtk_quadratic.su2", replaced(su2_square, "5 0 1 2 0", "22 0 1 2 0"),
       "element type 22 (VTK's quadratic triangle)");
  mesh("utf16.su2", "\xff\xfeN", "is UTF-16 or UTF-32 text");
  mesh("pointer.su2", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "run git lfs pull");
  mesh("unknown", "what is this\n",
       "is no graph file (HDF5) and no mesh of Gmsh or SU2; it begins with 'what is this'");
  mesh("overflow.su2", replaced(su2_square, "1 1 2", "1 1e400 2"),
       "line 8: a coordinate is '1e400', not a finite number");
  mesh("nodes_twice.su2", su2_square + "NPOIN= 4\n", "NPOIN occurs twice");
  mesh("elements_twice.su2", su2_square + "NELEM= 2\n", "NELEM occurs twice");
  corpus.file("good_mesh.su2", su2_square, "no field 'velocity'; there are none", with_graph);
  const auto solution = [&](const std::string& name, const std::string& content, const std::string& words) {
    corpus.file(name, content, words, "partition broken/good_mesh.su2 --fields @ --patches 2 --output graph.h5");
  };
  solution("no_values.csv", "\"PointID\",\"x\",\"y\"\n0, 0, 0\n1, 1, 0\n2, 1, 1\n3, 0, 1\n",
           "line 1: no columns of values");
  solution("short_row.csv", replaced(csv_square, "2, 1, 1, 3.5", "2, 1, 1"), "line 4: Pressure is missing");
  solution("nan.csv", replaced(csv_square, "3.5", "nan"), "line 4: Pressure is 'nan', not a finite number");
  solution("word.csv", replaced(csv_square, "2.5", "warm"), "line 3: Pressure is 'warm', not a number");
  solution("point_twice.csv", replaced(csv_square, "2, 1, 1", "1, 1, 1"), "line 4: PointID 1 occurs twice");
  solution("point_9.csv", replaced(csv_square, "2, 1, 1", "9, 1, 1"), "line 4: PointID 9: expected 0 to 3");
  solution("few_rows.csv", replaced(csv_square, "3, 0, 1, 4.5\n", ""), "3 rows for the 4 nodes of the mesh");
  solution("many_rows.csv", csv_square + "4, 0, 2, 5.5\n", "line 6: more rows than the 4 nodes of the mesh");
  solution("column_twice.csv", replaced(csv_square, "\"y\"", "\"x\""), "line 1: column 'x' occurs twice");
  solution("no_header.csv", csv_square.substr(csv_square.find('\n') + 1), "line 1: the header is missing");
  solution("other_order.csv", "x,y,p\n1, 0, 1\n0, 0, 2\n1, 1, 3\n0, 1, 4\n", "or its rows have another order");
  solution("other_ids.csv", "vtkOriginalPointIds,p\n1,1\n2,2\n3,3\n4,4\n",
           "vtkOriginalPointIds 4: expected 0 to 3; nodes count from 0");
  solution("pointer.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "run git lfs pull");
  solution("other_mesh.csv", replaced(csv_square, "2, 1, 1", "2, 1, 7"), "not a solution on this mesh");
}

}  // namespace halograph::test
