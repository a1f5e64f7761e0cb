// SPDX-License-Identifier: BSD-3-Clause
// Tables of values on the nodes of a mesh: what ties a row to its node, in the spellings of SU2 and ParaView.
#include <halograph/io/su2.hpp>

#include <cstdio>

#include <halograph/core/error.hpp>

#include "mesh_files.hpp"

namespace halograph::test {
namespace {

using io::read_su2;
using io::read_su2_csv;

const std::string flat =
    "NDIME= 2\nNELEM= 3\n9 0 1 4 3 0\n5 1 2 4 1\n5 2 5 4 2\n"
    "NPOIN= 6\n0 0 0\n1.5 0 1\n3 -1e-3 2\n0 1 3\n1.5 1 4\n3 1 5\n";

struct Broken {
  std::string text;
  std::vector<std::string> words;
};

const std::string solution =
    "\"PointID\",\"x\",\"y\",\"Density\",\"Velocity_x\",\"Velocity_y\",\"Heat_x\"\n"
    "0, 0, 0, 1.0, 10, 20, 5\n"
    "3, 0, 1, 1.3, 13, 23, 5\n"
    "1, 1.5, 0, 1.1, 11, 21, 5\n"
    "2, 3, -1e-3, 1.2, 12, 22, 5\n"
    "5, 3, 1, 1.5, 15, 25, 5,\n"
    "4, 1.5, 1, 1.4, 14, 24, 5\n";

TEST(Csv, SolutionBecomesFields) {
  const TempDir dir;
  const auto mesh_path = dir.write("flat.su2", flat), path = dir.write("flow.csv", solution);
  for (int parts : {1, 2, 4, 7}) {
    std::int64_t node = 0;
    for (int part = 0; part < parts; ++part) {
      MeshSlab mesh = read_su2(mesh_path, part, parts);
      read_su2_csv(path, mesh);
      read_su2_csv(path, mesh);
      ASSERT_EQ(mesh.fields.size(), 3u);
      const SlabField &density = mesh.fields[0], &velocity = mesh.fields[1], &heat = mesh.fields[2];
      EXPECT_EQ(density.name, "Density");
      EXPECT_EQ(velocity.name, "Velocity");
      EXPECT_EQ(heat.name, "Heat_x");
      EXPECT_EQ(velocity.channels, 2);
      EXPECT_EQ(density.channels, 1);
      const std::size_t n = mesh.position.size() / 2;
      EXPECT_EQ(velocity.frames, 2);
      ASSERT_EQ(velocity.values.size(), 4 * n);
      for (std::size_t i = 0; i < n; ++i, ++node) {
        for (std::size_t frame : {0u, 1u}) {
          EXPECT_EQ(density.values[frame * n + i], 1.0 + double(node) / 10);
          EXPECT_EQ(velocity.values[2 * (frame * n + i)], 10.0 + double(node));
          EXPECT_EQ(velocity.values[2 * (frame * n + i) + 1], 20.0 + double(node));
        }
      }
    }
    EXPECT_EQ(node, 6);
  }
}

TEST(Csv, NamesPlaceAndRuleOfBrokenSolutions) {
  const std::vector<Broken> cases{
      {"", {"empty"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2, 3, -1e-3, nan"), {"line 5", "Density", "'nan'"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2, 3, -1e-3, inf"), {"line 5", "'inf'"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2, 3, -1e-3, "), {"line 5", "Density is missing"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2, 3, -1e-3, 1.2 3"), {"line 5", "'1.2 3'"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "1, 3, -1e-3, 1.2"), {"line 5", "PointID 1", "twice"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "6, 3, -1e-3, 1.2"), {"line 5", "PointID 6", "nodes count from 0"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "-1, 3, -1e-3, 1.2"), {"line 5", "PointID -1"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2.5, 3, -1e-3, 1.2"), {"line 5", "PointID is '2.5', not an integer"}},
      {replaced(solution, "2, 3, -1e-3, 1.2", "2, 3.001, -1e-3, 1.2"), {"line 5", "x is 3.00", "in the mesh 3"}},
      {replaced(solution, "4, 1.5, 1, 1.4, 14, 24, 5\n", ""), {"5 rows", "6 nodes"}},
      {solution + "6, 0, 0, 0, 0, 0, 0\n", {"line 8", "more rows"}},
      {replaced(solution, "14, 24, 5", "14, 24"), {"line 7", "Heat_x is missing"}},
      {replaced(solution, "14, 24, 5", "14, 24, 5, 6"), {"line 7", "unexpected '6'"}},
      {replaced(solution, "\"Heat_x\"", "\"Density\""), {"line 1", "'Density' occurs twice"}},
      {replaced(solution, "\"Heat_x\"", "\"Heat"), {"line 1", "quotes"}},
      {replaced(replaced(solution, "\"Heat_x\"", "\"z\""), "13, 23, 5", "13, 23, 6"),
       {"line 3", "z is 6 and 5 before", "dimension 2"}},
      {"\"PointID\",\"x\",\"y\"\n", {"no columns of values"}},
  };
  const TempDir dir;
  const MeshSlab mesh = read_su2(dir.write("flat.su2", flat), 0, 1);
  for (const Broken& broken : cases) {
    SCOPED_TRACE(broken.text);
    MeshSlab copy = mesh;
    const auto path = dir.write("broken.csv", broken.text);
    auto words = broken.words;
    words.push_back("broken.csv");
    expect_file_error([&] { read_su2_csv(path, copy); }, words);
    EXPECT_TRUE(copy.fields.empty());
  }
  MeshSlab copy = mesh;
  read_su2_csv(dir.write("flow.csv", solution), copy);
  const auto other = dir.write("other.csv", replaced(solution, "Heat_x", "Heat_y"));
  expect_file_error([&] { read_su2_csv(other, copy); }, {"line 1", "'Heat_y'", "'Heat_x'"});
  EXPECT_EQ(copy.fields[0].frames, 1);
}

/// The mesh with the fields of the table.
MeshSlab with_table(const std::string& table) {
  const TempDir dir;
  MeshSlab mesh = read_su2(dir.write("flat.su2", flat), 0, 1);
  read_su2_csv(dir.write("table.csv", table), mesh);
  return mesh;
}

/// A table with the header `names` and, of nodes in `order`, "id, x, y, value" or those of the columns in `parts`.
std::string table(const std::string& names, const std::string& parts, const std::vector<int>& order) {
  const std::vector<std::pair<const char*, const char*>> at{{"0", "0"}, {"1.5", "0"}, {"3", "-1e-3"},
                                                            {"0", "1"}, {"1.5", "1"}, {"3", "1"}};
  std::string text = names + "\n";
  for (const int node : order) {
    std::string row;
    for (const char part : parts) {
      if (!row.empty()) row += ',';
      if (part == 'i') row += std::to_string(node);
      if (part == 'f') row += std::to_string(node) + ".000000e+00";
      if (part == 'r') row += std::to_string(std::find(order.begin(), order.end(), node) - order.begin());
      if (part == 'x') row += at[std::size_t(node)].first;
      if (part == 'y') row += at[std::size_t(node)].second;
      if (part == '0') row += "0";
      if (part == 'v') row += std::to_string(10 + node);
    }
    text += row + "\n";
  }
  return text;
}

const std::vector<int> in_order{0, 1, 2, 3, 4, 5}, shuffled{3, 0, 5, 1, 4, 2};
const std::vector<double> values_in_order{10, 11, 12, 13, 14, 15};

TEST(Csv, KnowsTheNumbersOfNodesByTheirNames) {
  for (const std::string name : {"PointID", "\"PointID\"", "Point", "Point ID", "point_id", " POINTID ", "Global_Index",
                                 "GlobalNodeId", "vtkOriginalPointIds", "node_id", "\" Point ID \""}) {
    SCOPED_TRACE(name);
    const MeshSlab mesh = with_table(table(name + ",x,y,p", "ixyv", shuffled));
    ASSERT_EQ(mesh.fields.size(), 1u);
    EXPECT_EQ(mesh.fields[0].values, values_in_order);
    EXPECT_TRUE(mesh.notes.empty());
    // Numbers alone tie the rows, and some programs print them as real numbers.
    EXPECT_EQ(with_table(table(name + ",p", "iv", shuffled)).fields[0].values, values_in_order);
    EXPECT_EQ(with_table(table(name + ",p", "fv", shuffled)).fields[0].values, values_in_order);
  }
}

TEST(Csv, TrustsTheIdsOfTheGraphMoreThanRowsOfAViewer) {
  // ParaView numbers its own rows in "Point ID", which is not the node after a filter.
  for (const std::string name : {"node_id", "vtkOriginalPointIds", "GlobalNodeId"}) {
    const MeshSlab mesh = with_table(table("Point ID," + name + ",Points:0,Points:1,Points:2,p", "rixy0v", shuffled));
    ASSERT_EQ(mesh.fields.size(), 1u);
    EXPECT_EQ(mesh.fields[0].values, values_in_order);
  }
}

TEST(Csv, KnowsCoordinatesByTheirNames) {
  for (const std::string names : {"x,y", "\"x\",\"y\"", "X,Y", "x_coord,y_coord", "Points:0,Points:1",
                                  "Points_0,Points_1", "\"Points:0\",\"Points:1\"", " x , y "}) {
    SCOPED_TRACE(names);
    const MeshSlab mesh = with_table(table(names + ",p", "xyv", in_order));
    ASSERT_EQ(mesh.fields.size(), 1u);
    EXPECT_EQ(mesh.fields[0].values, values_in_order);
    EXPECT_TRUE(mesh.notes.empty());
    const TempDir dir;
    MeshSlab other = read_su2(dir.write("flat.su2", flat), 0, 1);
    const auto path = dir.write("table.csv", table(names + ",p", "xyv", shuffled));
    expect_file_error([&] { read_su2_csv(path, other); },
                      {"table.csv", "not a solution on this mesh, or its rows have another order"});
  }
}

TEST(Csv, SaysWhereNothingTiesRowsToNodes) {
  for (const std::string names : {"p", "x,p", "y,p", "temperature"}) {
    SCOPED_TRACE(names);
    const std::string parts = names == "x,p" ? "xv" : names == "y,p" ? "yv" : "v";
    const MeshSlab mesh = with_table(table(names, parts, in_order));
    EXPECT_EQ(mesh.fields[0].values, values_in_order);
    ASSERT_EQ(mesh.notes.size(), 1u);
    EXPECT_NE(mesh.notes[0].find("in the order of the nodes"), std::string::npos) << mesh.notes[0];
  }
  const TempDir dir;
  MeshSlab mesh = read_su2(dir.write("flat.su2", flat), 0, 1);
  const auto path = dir.write("two.csv", table("p", "v", in_order));
  read_su2_csv(path, mesh);
  read_su2_csv(path, mesh);
  EXPECT_EQ(mesh.notes.size(), 1u) << "once for all frames";
  expect_file_error(
      [&] {
        read_su2_csv(dir.write("few.csv", table("p", "v", {0, 1, 2})), mesh);
      },
      {"3 rows for the 6 nodes"});
}

TEST(Csv, PutsVectorsOfParaViewTogether) {
  for (const std::string mark : {":", "_"}) {
    const MeshSlab mesh =
        with_table(table("PointID,U" + mark + "0,U" + mark + "1,U" + mark + "2,p,Mach_1,Mach_2,Velocity_X,Velocity_Y",
                         "ivv0vvvvv", shuffled));
    std::vector<std::pair<std::string, std::int64_t>> found;
    for (const SlabField& field : mesh.fields) found.emplace_back(field.name, field.channels);
    EXPECT_EQ(found, (std::vector<std::pair<std::string, std::int64_t>>{
                         {"U", 3}, {"p", 1}, {"Mach_1", 1}, {"Mach_2", 1}, {"Velocity", 2}}));
    EXPECT_EQ(mesh.fields[0].values[3], 11);
    EXPECT_EQ(mesh.fields[0].values[5], 0);
  }
  // Four species are no vector, nor is a name that stands alone.
  EXPECT_EQ(with_table(table("PointID,Y_0,Y_1,Y_2,Y_3,Z_0", "ivvvvv", in_order)).fields.size(), 5u);
  EXPECT_EQ(with_table(table("PointID,S:0,S:1,S:2,S:3,S:4,S:5", "ivvvvvv", in_order)).fields.size(), 1u);
}

/// A row of nodes at these places, and a table of their coordinates in reversed order as `printed` shows them.
void expect_order_is_told(const std::vector<double>& y, double x, const char* printed) {
  SCOPED_TRACE(printed);
  const auto text = [&](double value) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, printed, value);
    return std::string(buffer);
  };
  std::string mesh = "NDIME= 2\nNELEM= " + std::to_string(y.size() / 2 - 1) + "\n";
  for (std::size_t i = 0; i + 3 < y.size(); i += 2) mesh += cat("9 ", i, " ", i + 1, " ", i + 3, " ", i + 2, "\n");
  mesh += cat("NPOIN= ", y.size(), "\n");
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < y.size(); ++i) {
    mesh += cat(x, " ", y[i], "\n");
    rows.push_back(text(x) + "," + text(y[i]) + "," + std::to_string(i) + "\n");
  }
  const TempDir dir;
  MeshSlab slab = read_su2(dir.write("m.su2", mesh), 0, 1);
  std::string table = "x,y,p\n";
  for (const std::string& row : rows) table += row;
  read_su2_csv(dir.write("in_order.csv", table), slab);
  table = "x,y,p\n";
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) table += *row;
  expect_file_error([&] { read_su2_csv(dir.write("reversed.csv", table), slab); },
                    {"reversed.csv", "not a solution on this mesh, or its rows have another order"});
}

TEST(Csv, TellsAnotherOrderOfNearNodes) {
  std::vector<double> layer{0}, shifted;  // a boundary layer, and a place in coordinates of a map
  for (double y = 1e-6; layer.size() < 12; y *= 1.2) layer.push_back(y);
  for (int i = 0; i < 12; ++i) shifted.push_back(5e5 + 0.1 * i);
  for (const char* printed : {"%.17g", "%.15e", "%.6g", "%.6e"}) expect_order_is_told(layer, 1.3, printed);
  for (const char* printed : {"%.17g", "%.15e", "%.8f", "%.9g"}) expect_order_is_told(shifted, 5e5, printed);
}

TEST(Csv, SaysWhereCoordinatesDoNotTellRowsApart) {
  const MeshSlab mesh = with_table("x,y,p\n0,0,10\n1.5,0,11\n3,-1e-3,12\n0,1,13\n1.5,1,14\n3,1,15\n");
  EXPECT_TRUE(mesh.notes.empty());
  const TempDir dir;
  MeshSlab near = read_su2(dir.write("near.su2", replaced(flat, "3 -1e-3 2", "1.50000001 0 2")), 0, 1);
  read_su2_csv(dir.write("six.csv", "x,y,p\n0,0,10\n1.5,0,11\n1.5,0,12\n0,1,13\n1.5,1,14\n3,1,15\n"), near);
  ASSERT_EQ(near.notes.size(), 1u);
  EXPECT_EQ(near.notes[0],
            "1 row of a solution has the coordinates of the row before, as they are printed: such rows are "
            "taken in the order of the nodes");
}

TEST(Csv, NamesFieldsAsFilesCanHoldThem) {
  EXPECT_EQ(with_table(table("PointID,\"Skin Friction/Coef\"", "iv", in_order)).fields[0].name, "Skin Friction_Coef");
  EXPECT_EQ(with_table(table("PointID,a/b_x,a/b_y", "ivv", in_order)).fields[0].name, "a_b");
}

TEST(Csv, TakesOtherSeparatorsAndAMark) {
  const std::string plain = table("PointID,x,y,p", "ixyv", shuffled);
  for (const char separator : {';', '\t'}) {
    std::string text = plain;
    std::replace(text.begin(), text.end(), ',', separator);
    EXPECT_EQ(with_table(text).fields[0].values, values_in_order);
  }
  EXPECT_EQ(with_table("\xef\xbb\xbf" + plain).fields[0].values, values_in_order);
  EXPECT_EQ(with_table(replaced(plain, "\n", "\r\n")).fields[0].values, values_in_order);
}

TEST(Csv, RefusesATableWithoutAHeader) {
  const TempDir dir;
  MeshSlab mesh = read_su2(dir.write("flat.su2", flat), 0, 1);
  for (const std::string first : {"0,0,1", "1.5,x,p", "-3e-1,p"})
    expect_file_error([&] { read_su2_csv(dir.write("table.csv", table(first, "xyv", in_order)), mesh); },
                      {"line 1", "the header is missing"});
  const auto restart = dir.write("restart.dat", std::string("\xec\x2b\x08\0\x0b\0\0\0", 8) + std::string(64, '\0'));
  expect_file_error([&] { read_su2_csv(restart, mesh); }, {"a binary restart of SU2", "RESTART_ASCII"});
}

TEST(Csv, SaysWhichNumbersAreTooSmall) {
  const std::string plain = table("PointID,p", "iv", in_order);
  const MeshSlab mesh = with_table(replaced(plain, "2,12", "2,1e-400"));
  EXPECT_EQ(mesh.fields[0].values[2], 0);
  ASSERT_EQ(mesh.notes.size(), 1u);
  EXPECT_NE(mesh.notes[0].find("table.csv: numbers too small for 64 bits"), std::string::npos) << mesh.notes[0];
  EXPECT_NE(mesh.notes[0].find("'1e-400' in line 4"), std::string::npos) << mesh.notes[0];
  EXPECT_TRUE(with_table(replaced(plain, "2,12", "2,2.3e-308")).notes.empty());
  EXPECT_THROW(with_table(replaced(plain, "2,12", "2,1e400")), FileError);
}

}  // namespace
}  // namespace halograph::test
