// SPDX-License-Identifier: BSD-3-Clause
// What SU2 reads, we read: columns that it does not look at, sections in any order, its own elements of high order,
// borders of any type. And what it would not notice: lost coordinates and lines.
#include <halograph/io/su2.hpp>

#include "mesh_files.hpp"

namespace halograph::test {
namespace {

using io::read_su2;

const std::string elements = "NELEM= 2\n5 0 1 2 0\n5 0 2 3 1\n";
const std::string nodes = "NPOIN= 4\n0 0 0\n1 0 1\n1 1 2\n0 1 3\n";
const std::string square = "NDIME= 2\n" + elements + nodes + "NMARK= 0\n";
const std::vector<double> corners_of_square{0, 0, 1, 0, 1, 1, 0, 1};

MeshSlab read(const std::string& text, int part = 0, int parts = 1) {
  const TempDir dir;
  return read_su2(dir.write("m.su2", text), part, parts);
}

void expect_square(const std::string& text, const std::string& note = "") {
  SCOPED_TRACE(text);
  const MeshSlab mesh = read(text);
  EXPECT_EQ(mesh.position, corners_of_square);
  EXPECT_EQ(mesh.corner, (std::vector<std::int64_t>{0, 1, 2, 0, 2, 3}));
  EXPECT_EQ(mesh.notes.size(), note.empty() ? 0u : 1u);
  for (const std::string& line : mesh.notes) EXPECT_NE(line.find(note), std::string::npos) << line;
}

void expect_error(const std::string& text, const std::vector<std::string>& words) {
  SCOPED_TRACE(text);
  for (const int part : {0, 1}) expect_file_error([&] { read(text, part, 2); }, words);
}

/// The square with other lines of nodes.
std::string with_nodes(const std::string& lines) { return "NDIME= 2\n" + elements + "NPOIN= 4\n" + lines; }

TEST(Su2Forms, NumbersNodesByTheirOrder) {
  expect_square(with_nodes("0 0\n1 0\n1 1\n0 1\n"));
  expect_square(with_nodes("0 0 1\n1 0 2\n1 1 3\n0 1 4\n"));
  expect_square(with_nodes("0 0 0\n1 0 1\n1 1 5\n0 1 6\n"), "numbered by their order");
  expect_square(with_nodes("0 0 3\n1 0 2\n1 1 1\n0 1 0\n"), "numbered by their order");
  expect_square(with_nodes("0 0 0 0\n1 0 1 1\n1 1 2 2\n0 1 3 3\n"));
  expect_square(with_nodes("0 0 0 7 7\n1 0 1 7 7\n1 1 2 7 7\n0 1 3 7 7\n"));
}

TEST(Su2Forms, LeavesOutTheThirdCoordinateOfAPlaneMesh) {
  expect_square(with_nodes("0 0 0.1 0\n1 0 0.1 1\n1 1 0.1 2\n0 1 0.1 3\n"));
  expect_square(with_nodes("0 0 0.0\n1 0 0.0\n1 1 0.0\n0 1 0.0\n"));
  expect_square(with_nodes("0 0 0.1 0\n1 0 0.2 1\n1 1 0.3 2\n0 1 0.1 3\n"),
                "NDIME is 2: the column behind the coordinates is not read");
  expect_square(with_nodes("0 0 -0.5\n1 0 0.5\n1 1 0\n0 1 0\n"), "is not read");
}

TEST(Su2Forms, FindsAMissingCoordinate) {
  expect_error(with_nodes("0 0 0\n0 1\n1 1 2\n0 1 3\n"),
               {"line 7", "0 numbers stand behind the coordinates, but 1 in line 6", "coordinate seems to be missing"});
  expect_error(with_nodes("0 0\n1 0 1\n1 1 2\n0 1 3\n"), {"line 7", "1 number stands", "but 0 in line 6"});
  expect_error(with_nodes("0 0 0 0\n1 0 1 1\n1 2 2\n0 1 3 3\n"), {"line 8", "but 2 in line 6"});
  expect_error(with_nodes("0 0\n0\n1 1\n0 1\n"), {"line 7", "a coordinate is missing"});
  expect_error(with_nodes("0 0\n1 1\n1 2\n0 3\n"), {"the last coordinate of each of the 4 nodes is its index"});
  expect_error("NDIME= 3\nNELEM= 1\n10 0 1 2 3\nNPOIN= 4\n0 0 0\n1 0 1\n1 1 2\n0 1 3\n",
               {"is its index", "NDIME is too large"});
  // Real coordinates that happen to count are written as such.
  EXPECT_EQ(read(with_nodes("0 0.0\n1 1.0\n1 2.0\n0 3.0\n")).position[7], 3);
}

TEST(Su2Forms, FindsAMissingNodeOfAnElement) {
  const auto with = [](const std::string& first, const std::string& second) {
    return "NDIME= 2\nNELEM= 2\n" + first + "\n" + second + "\n" + nodes;
  };
  expect_error(with("5 0 1 2 0", "5 2 3 1"),
               {"line 4", "0 numbers stand behind the nodes, but 1 in line 3", "a node seems to be missing"});
  expect_error(with("5 0 1 2", "5 0 2 3 1"), {"line 4", "but 0 in line 3"});
  expect_error(with("5 0 1", "5 0 2 3"), {"line 3", "a node of an element is missing"});
  expect_square(with("5 0 1 2 9 9", "5 0 2 3 9 9"));
}

TEST(Su2Forms, RefusesAnElementThatNamesANodeTwice) {
  for (const std::string one : {"5 2 2 3", "5 2 3 2", "5 3 3 3", "9 0 1 2 1"})
    expect_error("NDIME= 2\nNELEM= 2\n5 0 1 2\n" + one + "\n" + nodes, {"line 4", "names node", "twice"});
}

TEST(Su2Forms, RefusesAMeshWithoutElements) {
  expect_error("NDIME= 2\nNELEM= 0\n" + nodes + "NMARK= 0\n", {"line 2", "NELEM is 0"});
  expect_error("NDIME= 2\n" + nodes, {"NELEM is missing"});
  expect_error("NDIME= 2\n" + nodes + "NMARK= 1\nMARKER_TAG= wall\nMARKER_ELEMS= 1\n3 0 1\n", {"NELEM is missing"});
  expect_error("NDIME= 2\nNELEM= 1\n3 0 1\n" + nodes, {"line 3", "element type 3 (line) in a mesh of dimension 2"});
  expect_error("NDIME= 3\nNELEM= 1\n5 0 1 2\nNPOIN= 4\n0 0 0\n1 0 0\n1 1 0\n0 1 1\n", {"element type 5 (triangle)"});
}

TEST(Su2Forms, TakesSectionsInAnyOrder) {
  expect_square("NPOIN= 4 4 9\n" + nodes.substr(9) + "NMARK= 0\n" + elements + "NDIME= 2\n");
  expect_square(elements + "NDIME= 2\n" + nodes);
  expect_square("NZONE= 1\nIZONE= 1\nNDIME = 2\n" + elements + "% FFD boxes\nAOA_OFFSET= 0.5\n" + nodes);
  expect_error("NZONE= 2\nIZONE= 1\n" + square, {"line 1", "NZONE is 2"});
  expect_error(square + nodes, {"NPOIN occurs twice"});
  expect_error(square + elements, {"NELEM occurs twice"});
  expect_error(square + "NDIME= 2\n", {"NDIME occurs twice"});
}

TEST(Su2Forms, NeverStopsAtABorder) {
  const std::string marker = "MARKER_TAG= wall\nMARKER_ELEMS= 2\n";
  expect_square(square + "NMARK= 1\n" + marker + "3 0 1\n3 1 2\n");
  expect_square("NDIME= 2\n" + elements + nodes + "NMARK= 2\n" + marker + "77 0 1 4 5 6\n203 0 1 2 3\n" + marker +
                "1 0\n1 1 0\n");
  expect_square("NDIME= 2\n" + elements + nodes +
                "NMARK= 1\nMARKER_TAG= SEND_RECEIVE\nMARKER_ELEMS= 1\nSEND_TO= 2\n1 0 0\n");
  expect_square(
      square +
      "FFD_NBOX= 1\nFFD_CORNER_POINTS= 2\n0.0 0.0 0.1\n1.0 0.0 0.1\nFFD_SURFACE_POINTS= 1\nwall 3 0.1 0.2 0.3\n");
  expect_square(square + "NPERIODIC= 1\nPERIODIC_INDEX= 0\nPERIODIC_CENTER= 0 0 0\nPERIODIC_ROTATION= 0 0 0\n");
  expect_square(square + "NMARKS= 1\nanything\n", "section NMARKS is not known");
}

TEST(Su2Forms, RefusesRubbishInEverySectionAndBetween) {
  const std::string border = "NMARK= 1\nMARKER_TAG= wall\nMARKER_ELEMS= 2\n3 0 1\n3 1 2\n", rubbish = "rubbish here\n";
  const std::string whole = "NDIME= 2\n" + elements + nodes + border;
  for (std::size_t at = 0; at <= whole.size(); ++at)
    if (at == 0 || whole[at - 1] == '\n')
      expect_error(whole.substr(0, at) + rubbish + whole.substr(at), {at == 0 ? "'rubbish here'" : "rubbish"});
  expect_error(whole + "3 2 3\n", {"expected KEYWORD= VALUE, found '3 2 3'"});
  expect_error(whole.substr(0, whole.size() - 6), {"the file ends before the last 1 elements of a marker"});
  expect_error("NDIME= 2\n" + elements + nodes + replaced(border, "NMARK= 1", "NMARK= 2"),
               {"NMARK is 2", "1 MARKER_TAG"});
  expect_error(replaced(whole, "MARKER_ELEMS= 2", "MARKER_ELEMS= 3") + "AOA_OFFSET= 1\n",
               {"AOA_OFFSET stands before the last 1"});
  expect_error(whole + "lower case= 3\n", {"'lower case'"});
  for (const std::string word : {"NDIME= 2", "NELEM= 2", "NPOIN= 4", "NMARK= 1", "MARKER_ELEMS= 2"})
    expect_error(replaced(whole, word, word + " rubbish"), {word.substr(0, word.find('=')) + " is 'rubbish'"});
}

/// Corners of one element of the given type whose nodes 0, 1, ... stand in SU2's order; all other nodes are dropped.
std::vector<std::int64_t> corner_places(int type, int n_nodes, int dimension) {
  std::string text = cat("NDIME= ", dimension, "\nNELEM= 1\n", type);
  for (int i = 0; i < n_nodes; ++i) text += cat(" ", i);
  text += cat("\nNPOIN= ", n_nodes, "\n");
  for (int i = 0; i < n_nodes; ++i) text += cat(i, dimension == 3 ? ".0 0 0.0\n" : ".0 0.0\n");
  const MeshSlab mesh = read(text);
  EXPECT_EQ(mesh.notes.size(), 1u);
  std::vector<std::int64_t> places;
  for (const std::int64_t corner : mesh.corner)
    places.push_back(std::int64_t(mesh.position[std::size_t(corner * dimension)]));
  EXPECT_EQ(mesh.n_nodes, std::int64_t(places.size()));
  return places;
}

// Places by hand from pictures of the elements with nodes in rows.
TEST(Su2Forms, KeepsTheCornersOfHighOrders) {
  using Places = std::vector<std::int64_t>;
  EXPECT_EQ(corner_places(105, 6, 2), (Places{0, 2, 5}));
  EXPECT_EQ(corner_places(205, 10, 2), (Places{0, 3, 9}));
  EXPECT_EQ(corner_places(405, 21, 2), (Places{0, 5, 20}));
  EXPECT_EQ(corner_places(109, 9, 2), (Places{0, 2, 8, 6}));
  EXPECT_EQ(corner_places(209, 16, 2), (Places{0, 3, 15, 12}));
  EXPECT_EQ(corner_places(110, 10, 3), (Places{0, 2, 5, 9}));
  EXPECT_EQ(corner_places(210, 20, 3), (Places{0, 3, 9, 19}));
  EXPECT_EQ(corner_places(112, 27, 3), (Places{0, 2, 8, 6, 18, 20, 26, 24}));
  EXPECT_EQ(corner_places(212, 64, 3), (Places{0, 3, 15, 12, 48, 51, 63, 60}));
  EXPECT_EQ(corner_places(113, 18, 3), (Places{0, 2, 5, 12, 14, 17}));
  EXPECT_EQ(corner_places(114, 14, 3), (Places{0, 2, 8, 6, 13}));
  EXPECT_EQ(corner_places(214, 30, 3), (Places{0, 3, 15, 12, 29}));
  // The order of the solution, p = 2 here, means nothing to the mesh.
  EXPECT_EQ(corner_places(30109, 9, 2), (Places{0, 2, 8, 6}));
}

TEST(Su2Forms, NumbersTheCornersOfHighOrdersInTheirOrder) {
  const std::string text =
      "NDIME= 2\nNELEM= 2\n109 0 4 1 7 8 5 3 6 2 0\n5 1 9 2 1\nNPOIN= 10\n0 0 0\n1 0 1\n1 1 2\n0 1 3\n0.5 0 4\n1 0.5 "
      "5\n"
      "0.5 1 6\n0 0.5 7\n0.5 0.5 8\n2 0 9\nNMARK= 1\nMARKER_TAG= wall\nMARKER_ELEMS= 1\n103 0 4 1\n";
  const MeshSlab mesh = read(text);
  EXPECT_EQ(mesh.n_nodes, 5);
  EXPECT_EQ(mesh.position, (std::vector<double>{0, 0, 1, 0, 1, 1, 0, 1, 2, 0}));
  EXPECT_EQ(mesh.corner, (std::vector<std::int64_t>{0, 1, 2, 3, 1, 4, 2}));
  ASSERT_EQ(mesh.notes.size(), 1u);
  EXPECT_NE(mesh.notes[0].find("5 of 10 nodes"), std::string::npos) << mesh.notes[0];
  std::vector<MeshSlab> slabs;
  for (int part = 0; part < 3; ++part) slabs.push_back(read(text, part, 3));
  expect_same_mesh(concatenated(slabs), mesh);
}

TEST(Su2Forms, NamesTypesThatSu2DoesNotHave) {
  const auto with_type = [](int type) { return cat("NDIME= 2\nNELEM= 1\n", type, " 0 1 2 3\n", nodes); };
  expect_error(with_type(22), {"line 3", "element type 22 (VTK's quadratic triangle) is not supported", "100 (p - 1)"});
  expect_error(with_type(28), {"biquadratic quadrilateral"});
  expect_error(with_type(7), {"VTK's polygon"});
  expect_error(with_type(77), {"element type 77 is not supported"});
  expect_error(with_type(108), {"element type 108 is not supported"});
  expect_error(with_type(-5), {"element type -5 is not supported"});
  expect_error(with_type(109), {"line 3", "a node of an element is missing"});
}

TEST(Su2Forms, SaysWhichNodesBelongToNoElement) {
  const std::string more = "NDIME= 2\n" + elements + "NPOIN= 6\n" + nodes.substr(9) + "5 5 4\n6 6 5\n";
  const MeshSlab mesh = read(more);
  EXPECT_EQ(mesh.n_nodes, 6);
  ASSERT_EQ(mesh.notes.size(), 1u);
  EXPECT_EQ(mesh.notes[0], "2 of 6 nodes belong to no element");
  EXPECT_EQ(read(more, 1, 3).notes, mesh.notes) << "all parts know";
}

TEST(Su2Forms, SaysWhichNumbersAreTooSmall) {
  const std::string tiny = with_nodes("0 0 0\n1 1e-400 1\n1 1 2\n0 1 3\n");
  expect_square(tiny, "numbers too small for 64 bits are read as the nearest, as '1e-400' in line 7");
  expect_square(with_nodes("0 -1e-5000 0\n1 0 1\n1 1 2\n0 1 3\n"), "'-1e-5000' in line 6");
  EXPECT_EQ(read(with_nodes("0 0 0\n1 4e-320 1\n1 1 2\n0 1 3\n")).position[3], 4e-320);
  expect_error(with_nodes("0 0 0\n1 1e400 1\n1 1 2\n0 1 3\n"), {"line 7", "'1e400', not a finite number"});
}

TEST(Su2Forms, SkipsAByteOrderMark) {
  expect_square("\xef\xbb\xbf" + square);
  expect_square("\xef\xbb\xbf% made by an editor\n" + square);
  expect_error("\xef\xbb\xbf" + replaced(square, "1 1 2", "1 one 2"), {"line 8", "'one'"});
}

}  // namespace
}  // namespace halograph::test
