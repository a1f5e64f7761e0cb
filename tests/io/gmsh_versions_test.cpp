// SPDX-License-Identifier: BSD-3-Clause
// The versions of Gmsh's format that are read, those that are named, and what differs between them.
#include <halograph/io/gmsh.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "gmsh_writer.hpp"
#include "mesh_files.hpp"

namespace halograph::test {
namespace {

using io::read_gmsh;

PlainMesh two_triangles(std::int64_t first_tag) {
  PlainMesh mesh;
  for (std::int64_t n = 0; n < 4; ++n) mesh.nodes.push_back({first_tag + n, {double(n % 2), double(n / 2), 0}});
  mesh.elements = {{1, 1, {first_tag, first_tag + 1}},
                   {2, 2, {first_tag, first_tag + 1, first_tag + 2}},
                   {2, 2, {first_tag + 3, first_tag + 2, first_tag + 1}}};
  return mesh;
}

const std::vector<std::int64_t> two_triangles_corners{0, 1, 2, 3, 2, 1};
const std::vector<double> two_triangles_position{0, 0, 1, 0, 0, 1, 1, 1};

void expect_two_triangles(const MeshSlab& mesh) {
  EXPECT_EQ(mesh.corner, two_triangles_corners);
  EXPECT_EQ(mesh.position, two_triangles_position);
  EXPECT_TRUE(mesh.notes.empty());
}

std::string of_version(GmshForm form, const std::string& version) {
  const std::string mode = form.binary ? " 1 8" : " 0 8";
  return replaced(GmshWriter(form).text(two_triangles(1)), (form.is_41 ? "4.1" : "2.2") + mode, version + mode);
}

TEST(GmshVersions, ReadsThoseThatDifferInNothingThatCounts) {
  const TempDir dir;
  for (const bool binary : {false, true}) {
    for (const char* version : {"2", "2.0", "2.1", "2.10", "2.2", "2.20"})
      expect_two_triangles(read_gmsh(dir.write("a.msh", of_version({false, binary}, version)), 0, 1));
    for (const char* version : {"4.1", "4.10", "4.100"})
      expect_two_triangles(read_gmsh(dir.write("a.msh", of_version({true, binary}, version)), 0, 1));
  }
}

TEST(GmshVersions, NamesTheOthersAndSaysWhatToDo) {
  const TempDir dir;
  for (const bool is_41 : {false, true})
    for (const char* version : {"1", "1.0", "2.3", "3", "3.0", "4", "4.0", "4.2", "5.0", "new"})
      expect_file_error(
          [&] {
            read_gmsh(dir.write("a.msh", of_version({is_41, false}, version)), 0, 1);
          },
          {"a.msh", "line 2", cat("version '", version, "'"), "2.0, 2.1, 2.2 and 4.1 are read",
           "gmsh OLD.msh -save -format msh41 -o NEW.msh"});
  const char* first = "$NOD\n3\n1 0 0 0\n2 1 0 0\n3 0 1 0\n$ENDNOD\n$ELM\n1\n1 2 1 1 3 1 2 3\n$ENDELM\n";
  expect_file_error([&] { read_gmsh(dir.write("a.msh", first), 0, 1); },
                    {"line 1", "version 1", "$NOD", "gmsh OLD.msh -save -format msh41 -o NEW.msh"});
}

TEST(GmshVersions, DataSizeCountsInBinaryFilesOnly) {
  const TempDir dir;
  for (GmshForm form : gmsh_forms) {
    const std::string text = GmshWriter(form).text(two_triangles(1));
    const auto path =
        dir.write("a.msh", replaced(text, form.binary ? " 1 8\n" : " 0 8\n", form.binary ? " 1 4\n" : " 0 4\n"));
    if (form.binary) expect_file_error([&] { read_gmsh(path, 0, 1); }, {"data size 4"});
    else expect_two_triangles(read_gmsh(path, 0, 1));
  }
}

TEST(GmshVersions, NamesTheOtherByteOrder) {
  const TempDir dir;
  for (const bool is_41 : {false, true}) {
    std::string text = GmshWriter({is_41, true}).text(two_triangles(1));
    const std::size_t at = text.find(" 1 8\n") + 5;
    std::reverse(text.begin() + std::ptrdiff_t(at), text.begin() + std::ptrdiff_t(at) + 4);
    expect_file_error([&] { read_gmsh(dir.write("a.msh", text), 0, 1); }, {"byte order", "-endian", "-save -bin"});
    text[at] = 'x';
    expect_file_error([&] { read_gmsh(dir.write("a.msh", text), 0, 1); }, {"byte order mark", "damaged"});
  }
}

TEST(GmshVersions, ReadsParametricNodes) {
  const TempDir dir;
  for (const bool binary : {false, true})
    for (const int parts : {1, 3}) {
      const auto path = dir.write("a.msh", GmshWriter({false, binary, true}).text(two_triangles(1)));
      std::vector<MeshSlab> slabs;
      for (int part = 0; part < parts; ++part) slabs.push_back(read_gmsh(path, part, parts));
      expect_two_triangles(concatenated(slabs));
    }
  // Gmsh leaves the entity out where it knows none.
  std::string text = GmshWriter({false, false, true}).text(two_triangles(1));
  text = replaced(text, "1 0 0 0 0 9 ", "1 0 0 0");
  expect_two_triangles(read_gmsh(dir.write("a.msh", text), 0, 1));
  expect_file_error([&] { read_gmsh(dir.write("a.msh", replaced(text, "2 1 0 0 1 9 0.25", "2 1 0 0 1 9")), 0, 1); },
                    {"line 11", "a parametric coordinate is missing"});
  expect_file_error([&] { read_gmsh(dir.write("a.msh", replaced(text, "2 1 0 0 1 9", "2 1 0 0 7 9")), 0, 1); },
                    {"line 11", "entity dimension 7"});
  expect_file_error([&] { read_gmsh(dir.write("a.msh", replaced(text, "$EndParametricNodes", "$EndNodes")), 0, 1); },
                    {"expected $EndParametricNodes"});
  expect_file_error([&] { read_gmsh(dir.write("a.msh", text + "$Nodes\n0\n$EndNodes\n"), 0, 1); },
                    {"a second section of nodes"});
}

TEST(GmshVersions, TakesNodeZeroWhereGmshDoes) {
  const TempDir dir;
  for (GmshForm form : gmsh_forms) {
    const auto path = dir.write("a.msh", GmshWriter(form).text(two_triangles(0)));
    if (form.is_41) expect_file_error([&] { read_gmsh(path, 0, 1); }, {"node tag 0", "positive"});
    else expect_two_triangles(read_gmsh(path, 0, 1));
  }
  const std::string twice = replaced(GmshWriter({false, false}).text(two_triangles(0)), "1 1 0 0", "0 1 0 0");
  expect_file_error([&] { read_gmsh(dir.write("a.msh", twice), 0, 1); }, {"node tag 0 twice"});
}

}  // namespace
}  // namespace halograph::test
