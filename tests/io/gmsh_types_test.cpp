// SPDX-License-Identifier: BSD-3-Clause
// The table of Gmsh's element types against formulas, and types that are not read.
#include <halograph/io/gmsh.hpp>

#include <gtest/gtest.h>

#include <functional>

#include "gmsh_writer.hpp"
#include "mesh_files.hpp"
#include "src/io/gmsh_types.hpp"

namespace halograph::test {
namespace {

using io::find_gmsh_type;
using io::read_gmsh;

/// Types of one shape, from the order `first` upwards.
struct Family {
  ElementShape shape;
  int first;
  std::vector<int> numbers;
  std::function<int(int order)> nodes;
};

const std::vector<Family> families{
    {ElementShape::line, 1, {1, 8, 26, 27, 28, 62, 63, 64, 65, 66}, [](int p) { return p + 1; }},
    {ElementShape::triangle, 1, {2, 9, 21, 23, 25, 42, 43, 44, 45, 46}, [](int p) { return (p + 1) * (p + 2) / 2; }},
    {ElementShape::triangle, 3, {20, 22, 24, 52, 53, 54, 55, 56}, [](int p) { return 3 * p; }},
    {ElementShape::quadrilateral, 1, {3, 10, 36, 37, 38, 47, 48, 49, 50, 51}, [](int p) { return (p + 1) * (p + 1); }},
    {ElementShape::quadrilateral, 2, {16, 39, 40, 41, 57, 58, 59, 60, 61}, [](int p) { return 4 * p; }},
    {ElementShape::tetrahedron,
     1,
     {4, 11, 29, 30, 31, 71, 72, 73, 74, 75},
     [](int p) { return (p + 1) * (p + 2) * (p + 3) / 6; }},
    {ElementShape::tetrahedron, 3, {137, 32, 33, 79, 80, 81, 82, 83}, [](int p) { return 4 + 6 * (p - 1); }},
    {ElementShape::hexahedron,
     1,
     {5, 12, 92, 93, 94, 95, 96, 97, 98},
     [](int p) { return (p + 1) * (p + 1) * (p + 1); }},
    {ElementShape::hexahedron, 2, {17, 99, 100, 101, 102, 103, 104, 105}, [](int p) { return 8 + 12 * (p - 1); }},
    {ElementShape::prism,
     1,
     {6, 13, 90, 91, 106, 107, 108, 109, 110},
     [](int p) { return (p + 1) * (p + 1) * (p + 2) / 2; }},
    {ElementShape::prism, 2, {18, 111, 112, 113, 114, 115, 116, 117}, [](int p) { return 6 + 9 * (p - 1); }},
    {ElementShape::pyramid,
     1,
     {7, 14, 118, 119, 120, 121, 122, 123, 124},
     [](int p) { return (p + 1) * (p + 2) * (2 * p + 3) / 6; }},
    {ElementShape::pyramid, 2, {19, 125, 126, 127, 128, 129, 130, 131}, [](int p) { return 5 + 8 * (p - 1); }}};

/// An element of `type` on nodes 2, 3, ... of which only the corners count, beside a point on node 1.
PlainMesh one_element(int type, int dimension, int nodes) {
  PlainMesh mesh;
  for (int n = 0; n <= nodes; ++n) mesh.nodes.push_back({1 + n, {double(n), double(n * n), double(n % 3)}});
  PlainMesh::Element element{type, dimension, {}};
  for (int n = 0; n < nodes; ++n) element.tags.push_back(2 + n);
  mesh.elements = {{15, 0, {1}}, element};
  return mesh;
}

TEST(GmshTypes, KeepTheCornersOfAllOrders) {
  const TempDir dir;
  for (const Family& family : families)
    for (std::size_t i = 0; i < family.numbers.size(); ++i) {
      SCOPED_TRACE(family.numbers[i]);
      const int nodes = family.nodes(family.first + int(i)), corners = corners_of(family.shape);
      const PlainMesh plain = one_element(family.numbers[i], dimension_of(family.shape), nodes);
      const MeshSlab mesh = read_gmsh(dir.write("a.msh", GmshWriter(gmsh_forms[i % 4]).text(plain)), 0, 1);
      ASSERT_EQ(mesh.shape, std::vector<ElementShape>(1, family.shape));
      EXPECT_EQ(mesh.n_nodes, corners);
      for (int c = 0; c < corners; ++c) EXPECT_EQ(mesh.corner[std::size_t(c)], c);
    }
}

TEST(GmshTypes, AreAllKnown) {
  std::size_t read = 1;  // the point
  for (const Family& family : families) read += family.numbers.size();
  for (std::int64_t number = -1; number < 300; ++number) {
    const io::GmshType* type = find_gmsh_type(number);
    EXPECT_EQ(type != nullptr, number >= 1 && number <= 140 && (number < 76 || number > 78)) << number;
    if (!type) continue;
    EXPECT_EQ(type->number, number);
    EXPECT_LE(type->nodes, io::gmsh_most_nodes);
    if (!type->unread) --read;
  }
  EXPECT_EQ(read, 0u);
}

struct Stray {
  int type, dimension, nodes;  // 0 nodes: the element begins with their number
  const char* name;
};

const std::vector<Stray> strays{{34, 2, 0, "polygon"},         {35, 3, 0, "polyhedron"},
                                {69, 2, 0, "polygon, border"}, {67, 1, 2, "border of two"},
                                {68, 2, 3, "border of two"},   {85, 2, 1, "triangle of order 0"},
                                {134, 1, 2, "part of a line"}, {136, 3, 4, "part of a tetrahedron"},
                                {138, 2, 0, "mini"},           {140, 3, 4, "trihedron"}};

PlainMesh with_stray(const Stray& stray) {
  PlainMesh mesh = one_element(4, 3, 4);
  std::vector<std::int64_t> tags{stray.nodes == 0 ? 5 : 1};
  for (int n = 1; n < (stray.nodes == 0 ? 6 : stray.nodes); ++n) tags.push_back(n);
  mesh.elements.insert(mesh.elements.begin() + 1, {stray.type, stray.dimension, tags});
  mesh.elements.push_back({stray.type, stray.dimension, tags});
  return mesh;
}

TEST(GmshTypes, OfABorderAreSkipped) {
  const TempDir dir;
  for (const Stray& stray : strays)
    for (const GmshForm& form : gmsh_forms) {
      SCOPED_TRACE(cat(stray.name, form.is_41 ? " 4.1" : " 2.2", form.binary ? " binary" : " text"));
      const auto path = dir.write("a.msh", GmshWriter(form).text(with_stray(stray)));
      if (form.binary && stray.nodes == 0)
        expect_file_error([&] { read_gmsh(path, 0, 1); }, {"byte", cat("element type ", stray.type), stray.name});
      else if (stray.dimension == 3)
        expect_file_error(
            [&] { read_gmsh(path, 0, 1); },
            {form.binary ? "byte" : "line", cat("element type ", stray.type, " (", stray.name), "not read"});
      else EXPECT_EQ(read_gmsh(path, 0, 1).shape, std::vector<ElementShape>(1, ElementShape::tetrahedron));
    }
}

TEST(GmshTypes, ThatNobodyKnowsAreSkippedWhereTheFileSaysTheirDimension) {
  const TempDir dir;
  for (const int dimension : {0, 1, 2, 3}) {
    const Stray stray{999, dimension, 0, "not one of Gmsh's"};
    const auto now = dir.write("now.msh", GmshWriter({true, false}).text(with_stray(stray)));
    if (dimension < 3) EXPECT_EQ(read_gmsh(now, 0, 1).shape.size(), 1u);
    else expect_file_error([&] { read_gmsh(now, 0, 1); }, {"element type 999", "not one of Gmsh's"});
    for (const bool is_41 : {false, true}) {
      const auto binary = dir.write("binary.msh", GmshWriter({is_41, true}).text(with_stray(stray)));
      expect_file_error([&] { read_gmsh(binary, 0, 1); }, {"element type 999", "not one of Gmsh's"});
    }
    const auto old = dir.write("old.msh", GmshWriter({false, false}).text(with_stray(stray)));
    expect_file_error([&] { read_gmsh(old, 0, 1); }, {"element type 999 is not one of Gmsh's"});
  }
}

}  // namespace
}  // namespace halograph::test
